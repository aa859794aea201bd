using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>Something that builds an RNN: one of our implementations, a reference, or one of the user's.</summary>
/// <param name="Name">What reports call it; an engine named ONNX Runtime is allowed its tanh.</param>
/// <param name="Build">Builds it with the given options.</param>
public sealed record RnnFactory(string Name, Func<RnnOptions, Module<Tensor, Tensor?, (Tensor, Tensor)>> Build)
{
    /// <summary>In what it is unlike nn.RNN.</summary>
    public OwnRnn Own { get; init; } = new();

    /// <summary>Whether what it gives is kept by the caller, and not to be disposed of.</summary>
    internal bool IsCallers { get; init; }

    /// <summary>The three implementations from scratch.</summary>
    public static IReadOnlyList<RnnFactory> Implementations { get; } =
    [
        new(nameof(ParameterRnn), o => new ParameterRnn(o)),
        new(nameof(LinearRnn), o => new LinearRnn(o)),
        new(nameof(StepLoopRnn), o => new StepLoopRnn(o)),
    ];

    /// <summary>TorchSharp's nn.RNN.</summary>
    public static RnnFactory Rnn { get; } =
        new(
            "nn.RNN",
            o =>
                RNN(
                    o.InputSize,
                    o.HiddenSize,
                    o.NumLayers,
                    o.NonLinearity,
                    o.Bias,
                    o.BatchFirst,
                    o.NumLayers > 1 ? o.Dropout : 0, // with one layer it drops nothing, and libtorch warns
                    o.Bidirectional,
                    o.Device,
                    o.Dtype
                )
        );

    /// <summary>TorchSharp's nn.RNNCell in a loop over the sequence.</summary>
    public static RnnFactory RnnCell { get; } = new("nn.RNNCell", o => new RnnCellLoop(o));

    /// <summary>The reference that evaluates in the given order on a CPU.</summary>
    public static RnnFactory ReferenceOf(EvaluationOrder order) => order == EvaluationOrder.PerStep ? RnnCell : Rnn;

    /// <summary>
    /// Whether cuDNN evaluates it, by a kernel with a tanh of its own, in which relu'(0) is 1, without a backward pass in
    /// evaluation: docs/cuda.md.
    /// </summary>
    internal bool IsCudnn(Device device) => device.type == TorchSharp.DeviceType.CUDA && Name == Rnn.Name;

    /// <summary>The absolute error of its tanh, in u, beside what every library's may have.</summary>
    internal int TanhError(ScalarType dtype, Device device) =>
        IsCudnn(device) ? TanhAccuracy.OfCudnn(dtype) : TanhAccuracy.Absolute(Name);

    /// <summary>Builds it while no other thread draws: its first weights are drawn as well.</summary>
    internal Module<Tensor, Tensor?, (Tensor, Tensor)> New(RnnOptions options)
    {
        using var alone = GlobalGenerator.Alone();
        return Unscoped.Run(() => Build(options));
    }

    internal void Load(Module<Tensor, Tensor?, (Tensor, Tensor)> rnn, IReadOnlyDictionary<string, Tensor> weights)
    {
        try
        {
            Try("could not load the weights", () => Own.Load(rnn, weights));
        }
        catch (RunException e) when (IsCallers)
        {
            // as where it was made under inference mode; it may be right all the same
            throw new RunException(e.Message, e) { Evidence = Comparison.Evidence.Undecided };
        }
    }

    /// <summary>
    /// Does something with the RNN; whatever it throws becomes one sentence, and what it sets for the whole process is set
    /// back.
    /// </summary>
    internal T Try<T>(string failure, Func<T> action)
    {
        var (dtype, device) = (get_default_dtype(), get_default_device());
        using var gradients = set_grad_enabled(is_grad_enabled());
        try
        {
            return action();
        }
        catch (RunException e)
        {
            throw new RunException($"{Name}: {e.Message}", e) { Evidence = e.Evidence };
        }
        catch (Exception e)
        {
            // an exception of theirs may have none
            var first = (e.Message ?? "").Trim().Split('\n')[0].Trim();
            var ofCudnn = first.Contains("backward can only be called in training mode", StringComparison.Ordinal);
            var why =
                first.Contains("modified by an inplace operation", StringComparison.Ordinal)
                    ? "a tensor that autograd needs was changed in place, as add_ or an assignment to a slice does, or a state is kept with the graph of an earlier call; new tensors are expected"
                : ofCudnn
                    ? "cuDNN has no backward pass in evaluation; train() before the comparison, or ForwardOnly, is expected"
                : $"{e.GetType().Name}: {first}";
            throw new RunException($"{Name}: it {failure}: {why}", e)
            {
                Evidence = ofCudnn ? Comparison.Evidence.Undecided : Comparison.Evidence.Differs,
            };
        }
        finally
        {
            set_default_dtype(dtype);
            set_default_device(device);
        }
    }

    internal void Try(string failure, Action action) =>
        Try(
            failure,
            () =>
            {
                action();
                return true;
            }
        );

    /// <inheritdoc/>
    public override string ToString() => Name;
}
