using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Scratch;

/// <summary>When the input projection W_ih x_t + b_ih is evaluated. The function is the same, the rounding is not.</summary>
public enum EvaluationOrder
{
    /// <summary>For the whole sequence in one product before the first step, as <c>nn.RNN</c> does on a CPU.</summary>
    WholeSequence,

    /// <summary>For one step at a time, as <c>nn.RNNCell</c> does.</summary>
    PerStep,
}

/// <summary>The constructor arguments of <c>nn.RNN</c>, in its order and with its defaults, and the order of evaluation.</summary>
/// <param name="InputSize">I, the number of features of x_t; 0 is allowed, as in nn.RNN.</param>
/// <param name="HiddenSize">H, the number of features of h_t; at least 1.</param>
/// <param name="NumLayers">L, the number of stacked layers; at least 1.</param>
/// <param name="NonLinearity">φ, tanh or relu.</param>
/// <param name="Bias">Whether there are b_ih and b_hh.</param>
/// <param name="BatchFirst">Whether input and output are (B, T, ·) instead of (T, B, ·); h_0 and h_n stay as they are.</param>
/// <param name="Dropout">The probability, in [0, 1], with which an output of a layer below the last one is dropped in training.</param>
/// <param name="Bidirectional">Whether a second RNN reads each layer's sequence from its end.</param>
/// <param name="Device">Where the weights are; the CPU if null.</param>
/// <param name="Dtype">The type of the weights, a floating-point type; torch's default one if null, float32 unless it was set.</param>
/// <param name="Order">When the input projection is evaluated.</param>
public sealed record RnnOptions(
    long InputSize,
    long HiddenSize,
    long NumLayers = 1,
    NonLinearities NonLinearity = NonLinearities.Tanh,
    bool Bias = true,
    bool BatchFirst = false,
    double Dropout = 0.0,
    bool Bidirectional = false,
    Device? Device = null,
    ScalarType? Dtype = null,
    EvaluationOrder Order = EvaluationOrder.WholeSequence
)
{
    /// <summary>D, the number of directions.</summary>
    public long NumDirections => Bidirectional ? 2 : 1;

    /// <summary>Whether there is dropout, which lies between layers.</summary>
    public bool HasDropout => Dropout > 0 && NumLayers > 1;

    /// <summary>The endings of the weights' names, in the order of h_0: l0, l0_reverse, l1, …</summary>
    public IEnumerable<string> Suffixes =>
        from layer in Enumerable.Range(0, (int)NumLayers)
        from direction in Enumerable.Range(0, (int)NumDirections)
        select Suffix(layer, reverse: direction == 1);

    /// <summary>The names of the weights, in nn.RNN's order: weight_ih_l0, weight_hh_l0, bias_ih_l0, …</summary>
    public IEnumerable<string> WeightNames =>
        from suffix in Suffixes
        from kind in Bias ? (string[])["weight_ih", "weight_hh", "bias_ih", "bias_hh"] : ["weight_ih", "weight_hh"]
        select $"{kind}_{suffix}";

    /// <summary>The ending of the names of one layer's weights in one direction.</summary>
    public static string Suffix(int layer, bool reverse) => reverse ? $"l{layer}_reverse" : $"l{layer}";

    /// <summary>The number of features that layer k reads: I for the first one, D·H above it.</summary>
    public long InputSizeOf(string suffix) =>
        suffix.StartsWith("l0", StringComparison.Ordinal) ? InputSize : NumDirections * HiddenSize;

    /// <summary>The shape of a weight: (H, I), or (H, D·H) above the first layer, (H, H), or (H).</summary>
    public long[] ShapeOf(string name) =>
        name.StartsWith("bias", StringComparison.Ordinal) ? [HiddenSize]
        : name.StartsWith("weight_hh", StringComparison.Ordinal) ? [HiddenSize, HiddenSize]
        : [HiddenSize, InputSizeOf(name["weight_ih_".Length..])];

    /// <summary>The activation function φ.</summary>
    public Func<Tensor, Tensor> Activation =>
        NonLinearity == NonLinearities.ReLU ? static z => z.relu() : static z => z.tanh();

    /// <summary>φ in place, for a sum that nothing else reads; autograd needs its result alone.</summary>
    internal Func<Tensor, Tensor> ActivationInPlace =>
        NonLinearity == NonLinearities.ReLU ? static z => z.relu_() : static z => z.tanh_();

    /// <summary>Returns these options, or throws a sentence that names the first invalid one.</summary>
    /// <exception cref="ArgumentException">A size is below 1 (the input size: below 0), the dropout is outside [0, 1], or an option is unknown.</exception>
    public RnnOptions Checked()
    {
        CheckInput.Size("inputSize", InputSize, 0);
        CheckInput.Size("hiddenSize", HiddenSize);
        CheckInput.Size("numLayers", NumLayers);
        if (!(Dropout is >= 0 and <= 1))
            throw new ArgumentException(
                FormattableString.Invariant($"dropout is {Dropout}, a probability in [0, 1] is expected")
            );
        if (!Enum.IsDefined(NonLinearity))
            throw new ArgumentException($"nonLinearity is {NonLinearity}, Tanh or ReLU is expected");
        if (!Enum.IsDefined(Order))
            throw new ArgumentException($"order is {Order}, WholeSequence or PerStep is expected");
        if (
            Dtype is not (null or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64)
        )
            throw new ArgumentException($"dtype is {Dtype}, a floating-point type is expected");
        return this;
    }
}
