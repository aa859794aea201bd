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
    /// <summary>Keeps the options; the implementation registers its weights and then calls <see cref="ResetParameters"/>.</summary>
    protected ElmanRnn(string name, RnnOptions options)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options.Checked();
    }

    /// <summary>What this RNN was built with.</summary>
    public RnnOptions Options { get; }

    /// <summary>Runs one layer in one direction.</summary>
    /// <param name="suffix">The ending of its weights' names: l0, l0_reverse, l1, …</param>
    /// <param name="x">(T, B, I), or (T, B, D·H) above the first layer.</param>
    /// <param name="h">(B, H), the state before the first step.</param>
    /// <param name="reverse">Whether time runs from T to 1.</param>
    /// <returns>The T states, each (B, H), in the order in which they were computed.</returns>
    protected abstract IReadOnlyList<Tensor> Layer(string suffix, Tensor x, Tensor h, bool reverse);

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
        var h =
            h_0 is null ? Zeros(x)
            : batched ? h_0
            : h_0.unsqueeze(1);

        var (output, h_n) = Stack(x, h.unbind(0));
        output = timeFirst ? output : output.transpose(0, 1);
        return batched ? scope.MoveToOuter(output, h_n) : scope.MoveToOuter(output.squeeze(1), h_n.squeeze(1));
    }

    private (Tensor output, Tensor h_n) Stack(Tensor x, Tensor[] h_0)
    {
        var h_n = new List<Tensor>();
        for (var layer = 0; layer < Options.NumLayers; layer++)
        {
            if (layer > 0 && Options.Dropout > 0)
                x = nn.functional.dropout(x, Options.Dropout, training);

            var outputs = new List<Tensor>();
            for (var direction = 0; direction < Options.NumDirections; direction++)
            {
                var reverse = direction == 1;
                var states = Layer(RnnOptions.Suffix(layer, reverse), x, h_0[h_n.Count], reverse);
                h_n.Add(states[^1]);
                outputs.Add(stack(reverse ? states.Reverse() : states, 0));
            }
            x = outputs.Count == 1 ? outputs[0] : cat(outputs, 2);
        }
        return (x, stack(h_n, 0));
    }

    /// <summary>The terms g_t = W_ih x_t + b_ih in the order of the steps, evaluated in this RNN's order.</summary>
    /// <param name="project">x ↦ W_ih x + b_ih, for x of shape (T, B, I) and (B, I).</param>
    /// <param name="x">(T, B, I).</param>
    /// <param name="reverse">Whether time runs from T to 1.</param>
    protected IEnumerable<Tensor> Projections(Func<Tensor, Tensor> project, Tensor x, bool reverse)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(x);
        var wholeSequence = Options.Order == EvaluationOrder.WholeSequence;
        var steps = (wholeSequence ? ProjectSequence(project, x) : x).unbind(0);
        if (reverse)
            Array.Reverse(steps);
        return wholeSequence ? steps : steps.Select(project);
    }

    // nn.RNN's linear sees a contiguous sequence as one matrix of T·B rows and adds the bias inside the product, which
    // rounds otherwise than adding it to the product, as TorchSharp's nn.functional.linear does with three dimensions.
    private Tensor ProjectSequence(Func<Tensor, Tensor> project, Tensor x)
    {
        var (T, B, I) = (x.shape[0], x.shape[1], x.shape[2]);
        return x.is_contiguous() ? project(x.view(T * B, I)).view(T, B, Options.HiddenSize) : project(x);
    }

    /// <summary>Registers raw parameters under nn.RNN's names, uninitialised.</summary>
    protected void RegisterWeights()
    {
        using var scope = NewDisposeScope();
        var (H, device, dtype) = (Options.HiddenSize, Options.Device, Options.Dtype);
        foreach (var suffix in Options.Suffixes)
        {
            Register("weight_ih", empty(H, Options.InputSizeOf(suffix), dtype, device));
            Register("weight_hh", empty(H, H, dtype, device));
            if (!Options.Bias)
                continue;
            Register("bias_ih", empty(H, dtype, device));
            Register("bias_hh", empty(H, dtype, device));

            // As nn.Linear's, they outlive a dispose scope in which the RNN is built, and die with the RNN.
            void Register(string name, Tensor value)
            {
                var parameter = nn.Parameter(value);
                parameter.DetachFromDisposeScope();
                register_parameter($"{name}_{suffix}", parameter);
            }
        }
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

    private Tensor Zeros(Tensor x) =>
        zeros(Options.NumLayers * Options.NumDirections, x.shape[1], Options.HiddenSize, x.dtype, x.device);
}
