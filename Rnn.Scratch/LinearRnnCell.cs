using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Scratch;

/// <summary>
/// One Elman step of two <c>nn.Linear</c>, i2h and h2h. It stands wherever <c>nn.RNNCell</c> stands: the same
/// arguments, result and parameter names.
/// <para>h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)</para>
/// </summary>
public sealed class LinearRnnCell : Module<Tensor, Tensor?, Tensor>
{
    private readonly Linear i2h;
    private readonly Linear h2h;
    private readonly RnnOptions options;
    private readonly Func<Tensor, Tensor> φ;

    /// <summary>Builds the cell; its weights are drawn uniformly from ±1/√H, after nn.Linear's own draws.</summary>
    /// <inheritdoc cref="RnnOptions" path="/param"/>
    /// <exception cref="ArgumentException">An option is invalid; the message names it.</exception>
    public LinearRnnCell(
        long inputSize,
        long hiddenSize,
        NonLinearities nonLinearity = NonLinearities.Tanh,
        bool bias = true,
        Device? device = null,
        ScalarType? dtype = null
    )
        : base(nameof(LinearRnnCell))
    {
        options = new RnnOptions(inputSize, hiddenSize, 1, nonLinearity, bias, Device: device, Dtype: dtype).Checked();
        φ = options.ActivationInPlace;
        using var scope = NewDisposeScope();
        i2h = Linear(Math.Max(inputSize, 1), hiddenSize, bias, device, dtype);
        // nn.Linear cannot draw from ±1/√0
        if (inputSize == 0)
            i2h.weight = Parameter(zeros(hiddenSize, 0, dtype ?? ScalarType.Float32, device));
        h2h = Linear(hiddenSize, hiddenSize, bias, device, dtype);
        var bound = 1 / Math.Sqrt(hiddenSize);
        foreach (var (_, parameter) in named_parameters())
        {
            init.uniform_(parameter, -bound, bound);
            parameter.DetachFromDisposeScope();
        }
        RegisterComponents();
    }

    /// <summary>Takes one step.</summary>
    /// <param name="input">x_t, (B, I) or (I).</param>
    /// <param name="h">h_{t−1}, (B, H) or (H); zeros if null.</param>
    /// <returns>h_t, shaped as h.</returns>
    /// <exception cref="ArgumentException">A shape, type or device is not the one that the cell was built for.</exception>
    public override Tensor forward(Tensor input, Tensor? h = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckInput.Expect(input.dim() is 1 or 2, $"input has {input.dim()} dimensions, the cell expects (B, I) or (I)");
        CheckInput.Features("input", input, options.InputSize, "the cell");
        var weight = i2h.get_parameter("weight")!;
        CheckInput.Like("input", input, weight, "the cell");
        long[] state = [.. input.shape[..^1], options.HiddenSize];
        if (h is not null)
        {
            CheckInput.Shape("h", h, state, "the cell");
            CheckInput.Like("h", h, weight, "the cell");
        }

        using var scope = NewDisposeScope();
        h ??= zeros(state, input.dtype, input.device);
        return φ(h2h.call(h).PlusInPlace(Project(input))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="forward"/>
    public new Tensor call(Tensor input, Tensor? h = null) => base.call(input, h);

    // g_t = W_ih x_t + b_ih, for one step or for a whole sequence
    internal Tensor Project(Tensor x) => i2h.call(x);

    // h_t = φ(W_hh h_{t−1} + b_hh + g_t), in place of the first sum
    internal Tensor Step(Tensor h, Func<int, Tensor> g, int i) => φ(h2h.call(h).PlusInPlace(g(i)));

    internal Tensor W_hh => h2h.get_parameter("weight")!;

    internal Tensor? B_hh => options.Bias ? h2h.get_parameter("bias") : null;

    /// <summary>The weights, under the names that nn.RNNCell gives them.</summary>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
    {
        yield return ("weight_ih", i2h.get_parameter("weight")!);
        yield return ("weight_hh", h2h.get_parameter("weight")!);
        if (!options.Bias)
            yield break;
        yield return ("bias_ih", i2h.get_parameter("bias")!);
        yield return ("bias_hh", h2h.get_parameter("bias")!);
    }

    /// <inheritdoc/>
    public override Dictionary<string, Tensor> state_dict(
        Dictionary<string, Tensor>? destination = null,
        string? prefix = null
    ) => StateDict.Of(this, destination, prefix);

    /// <summary>Copies the weights from a state dict, by nn.RNNCell's names: all of them or, if one does not fit, none.</summary>
    /// <param name="source">The entries by name.</param>
    /// <param name="strict">Whether a missing and an extra entry are refused; if not, their names are returned.</param>
    /// <param name="skip">Names that are neither looked for nor read.</param>
    /// <exception cref="ArgumentException">An entry is missing, extra or misshapen; the sentence names it.</exception>
    public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
        Dictionary<string, Tensor> source,
        bool strict = true,
        IList<string>? skip = null
    ) => StateDict.Load(this, "cell", source, strict, skip);
}
