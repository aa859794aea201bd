using static TorchSharp.torch;

namespace Rnn.Scratch;

/// <summary>The weights of one layer in one direction: W_ih (H, I), W_hh (H, H), b_ih (H) and b_hh (H), the biases null where there are none.</summary>
public readonly record struct ElmanWeights(Tensor W_ih, Tensor W_hh, Tensor? B_ih, Tensor? B_hh);

/// <summary>
/// A stack of Elman layers that takes, returns and names what <c>nn.RNN</c> does. Layers, directions and dropout are
/// composed here once; an implementation says how one layer runs in one direction.
/// <para>h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)</para>
/// </summary>
public abstract class ElmanRnn : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    /// <summary>Keeps the options; the implementation registers its weights.</summary>
    protected ElmanRnn(string name, RnnOptions options)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options.Checked();
    }

    /// <summary>What this RNN was built with.</summary>
    public RnnOptions Options { get; }

    /// <summary>
    /// If set, is given the states of every layer and direction when they have been computed: the ending of the weights'
    /// names, and h_1 … h_T, each (B, H), in the order of computation. Autograd has their gradients.
    /// </summary>
    public Action<string, IReadOnlyList<Tensor>>? Traced { get; set; }

    /// <summary>Runs one layer in one direction.</summary>
    /// <param name="suffix">The ending of its weights' names: l0, l0_reverse, l1, …</param>
    /// <param name="x">Its steps, of I features, or D·H above the first layer.</param>
    /// <param name="h_0">(B, H), the state before the first step.</param>
    /// <param name="reverse">Whether time runs from T to 1.</param>
    /// <returns>The T states, each (B, H), in the order in which they were computed.</returns>
    protected abstract IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse);

    /// <inheritdoc cref="forward"/>
    public new (Tensor output, Tensor h_n) call(Tensor input, Tensor? h_0 = null) => base.call(input, h_0);

    /// <summary>Runs the stack over a sequence.</summary>
    /// <param name="input">(T, B, I); (B, T, I) if batch first; (T, I) unbatched. T ≥ 1.</param>
    /// <param name="h_0">(L·D, B, H), or (L·D, H) unbatched; zeros if null.</param>
    /// <returns>output, shaped as the input with D·H features: the last layer's h_1 … h_T; and h_n, shaped as h_0.</returns>
    /// <exception cref="ArgumentException">A shape, type or device is not the one that the RNN was built for.</exception>
    public override (Tensor, Tensor) forward(Tensor input, Tensor? h_0 = null)
    {
        CheckInput.Of(this, input, h_0);
        using var scope = NewDisposeScope();
        var batched = input.dim() == 3;
        var timeFirst = !batched || !Options.BatchFirst;
        var x = batched ? input : input.unsqueeze(1);
        x = timeFirst ? x : x.transpose(0, 1);
        h_0 ??= Zeros(x, batched ? [x.size(1)] : []);

        var (steps, h_n) = Stack(new StepSequence(x), batched ? h_0 : h_0.unsqueeze(1));
        var output = timeFirst ? steps.Data : steps.Data.transpose(0, 1);
        return batched ? scope.MoveToOuter(output, h_n) : scope.MoveToOuter(output.squeeze(1), h_n.squeeze(1));
    }

    /// <summary>Runs the stack over sequences of different lengths.</summary>
    /// <param name="input">The packed sequences, of I features.</param>
    /// <param name="h_0">(L·D, B, H), in the order of the batch before it was packed; zeros if null.</param>
    /// <returns>The outputs, packed likewise, with D·H features; and h_n, shaped and ordered as h_0.</returns>
    /// <exception cref="ArgumentException">A shape, type or device is not the one that the RNN was built for.</exception>
    public (nn.utils.rnn.PackedSequence output, Tensor h_n) call(nn.utils.rnn.PackedSequence input, Tensor? h_0 = null)
    {
        CheckInput.Of(this, input, h_0);
        using var scope = NewDisposeScope();
        var x = StepSequence.Of(input);
        h_0 = h_0 is null ? Zeros(x.Data, [x.BatchSizes![0]]) : Packing.Sort(h_0, input);

        var (steps, h_n) = Stack(x, h_0);
        var output = Packing.Like(input, steps);
        // Some versions of TorchSharp scope a packed sequence, some its tensors.
        scope.MoveToOuter(output, output.data, output.batch_sizes, output.sorted_indices, output.unsorted_indices);
        return (output, scope.MoveToOuter(Packing.Unsort(h_n, input)));
    }

    private (StepSequence output, Tensor h_n) Stack(StepSequence x, Tensor h_0)
    {
        // as nn.RNN cuts it, whose gradient has the same zeros, with the same signs; one alone is not cut, which is faster
        var initial = h_0.size(0) == 1 ? [h_0.squeeze(0)] : h_0.unbind(0);
        var h_n = new List<Tensor>();
        for (var layer = 0; layer < Options.NumLayers; layer++)
        {
            if (layer > 0 && Options.Dropout > 0)
                x = x with { Data = nn.functional.dropout(x.Data, Options.Dropout, training) };

            var outputs = new List<Tensor>();
            for (var direction = 0; direction < Options.NumDirections; direction++)
            {
                var reverse = direction == 1;
                var states = Layer(RnnOptions.Suffix(layer, reverse), x, initial[h_n.Count], reverse);
                Traced?.Invoke(RnnOptions.Suffix(layer, reverse), states);
                h_n.Add(x.Last(states, reverse));
                outputs.Add(x.Join(states, reverse).Data);
            }
            x = x with { Data = outputs.Count == 1 ? outputs[0] : cat(outputs, -1) };
        }
        return (x, stack(h_n, 0));
    }

    /// <summary>The steps of a layer, with their terms g_t = W_ih x_t + b_ih in this RNN's order of evaluation.</summary>
    /// <param name="project">x ↦ W_ih x + b_ih, for x of shape (T·B, I), (T, B, I) and (B, I).</param>
    /// <param name="x">What the layer reads.</param>
    /// <param name="h_0">(B, H), the state before the first step.</param>
    /// <param name="reverse">Whether time runs from T to 1.</param>
    protected Turns TurnsOf(Func<Tensor, Tensor> project, StepSequence x, Tensor h_0, bool reverse)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(x);
        return Options.Order == EvaluationOrder.PerStep
            ? new(x, h_0, reverse, project)
            : new(x with { Data = ProjectSequence(project, x.Data) }, h_0, reverse);
    }

    /// <summary>
    /// h_t = φ(g_t + (W_hh h_{t−1} + b_hh)) in place of g_t, so that g becomes the output, which takes less time than a tensor
    /// for each sum.
    /// </summary>
    /// <returns>The T states as <see cref="Layer"/> has them; null where gradients are wanted, per step, for packed sequences, and on a GPU.</returns>
    private protected IReadOnlyList<Tensor>? InPlace(
        Func<Tensor, Tensor> project,
        StepSequence x,
        Tensor W_hh,
        Tensor? b_hh,
        Tensor h_0,
        bool reverse
    )
    {
        if (
            is_grad_enabled()
            || Options.Order == EvaluationOrder.PerStep
            || x.BatchSizes is not null
            || W_hh.device_type != TorchSharp.DeviceType.CPU
        )
            return null;
        var output = ByLines(ProjectSequence(project, x.Data));
        var states = output.unbind(0);
        if (reverse)
            Array.Reverse(states);
        var (h, sum, W_hhT, φ) = (h_0, empty_like(h_0), W_hh.t(), Options.ActivationInPlace);
        foreach (var g_t in states)
        {
            if (b_hh is not null)
                sum.copy_(b_hh);
            h = φ(g_t.PlusInPlace(sum.addmm_(h, W_hhT, b_hh is null ? 0 : 1, 1)));
        }
        return new LayerStates(states, output.contiguous());
    }

    // A product's bits may depend on where its operands begin: each step begins a line of 64 bytes, as a tensor of its own does.
    private static Tensor ByLines(Tensor g)
    {
        var (step, line) = (g.size(1) * g.size(2), 64 / g.element_size());
        return step % line == 0
            ? g.contiguous()
            : empty_strided(g.shape, [(step / line + 1) * line, g.size(2), 1], g.dtype).copy_(g);
    }

    // nn.RNN multiplies a contiguous sequence as one matrix of T·B rows, with the bias inside the product. nn.functional.linear
    // adds the bias after a product of three dimensions, which rounds otherwise.
    private Tensor ProjectSequence(Func<Tensor, Tensor> project, Tensor x) =>
        x.dim() == 3 && x.is_contiguous()
            ? project(x.view(x.size(0) * x.size(1), x.size(2))).view(x.size(0), x.size(1), Options.HiddenSize)
            : project(x);

    /// <summary>Registers raw parameters under nn.RNN's names, and draws them.</summary>
    protected void RegisterWeights()
    {
        using var scope = NewDisposeScope();
        foreach (var name in Options.WeightNames)
        {
            var parameter = nn.Parameter(empty(Options.ShapeOf(name), Options.Dtype, Options.Device));
            // As nn.Linear's, it outlives a dispose scope in which the RNN is built, and dies with the RNN.
            parameter.DetachFromDisposeScope();
            register_parameter(name, parameter);
        }
        ResetParameters();
    }

    /// <summary>The weights whose names end in the suffix.</summary>
    protected ElmanWeights Weights(string suffix) =>
        new(
            get_parameter($"weight_ih_{suffix}")!,
            get_parameter($"weight_hh_{suffix}")!,
            Options.Bias ? get_parameter($"bias_ih_{suffix}") : null,
            Options.Bias ? get_parameter($"bias_hh_{suffix}") : null
        );

    /// <summary>Draws every weight uniformly from ±1/√H, in the order of <c>named_parameters</c>, as nn.RNN does.</summary>
    public void ResetParameters()
    {
        using var scope = NewDisposeScope();
        var bound = 1 / Math.Sqrt(Options.HiddenSize);
        foreach (var parameter in parameters())
            nn.init.uniform_(parameter, -bound, bound);
    }

    /// <summary>Copies the weights from a state dict, by nn.RNN's names: all of them or, if one does not fit, none.</summary>
    /// <param name="source">The entries by name.</param>
    /// <param name="strict">Whether a missing and an extra entry are refused; if not, their names are returned.</param>
    /// <param name="skip">Names that are neither looked for nor read.</param>
    /// <exception cref="ArgumentException">An entry is missing, extra or misshapen; the sentence names it.</exception>
    public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
        Dictionary<string, Tensor> source,
        bool strict = true,
        IList<string>? skip = null
    ) => StateDict.Load(this, "RNN", source, strict, skip);

    private Tensor Zeros(Tensor like, long[] batch) =>
        zeros([Options.NumLayers * Options.NumDirections, .. batch, Options.HiddenSize], like.dtype, like.device);
}
