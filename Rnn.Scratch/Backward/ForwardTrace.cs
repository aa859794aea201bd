using static TorchSharp.torch;

namespace Rnn.Scratch.Backward;

/// <summary>The forward pass with every state kept: h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh), as the RNN computes it.</summary>
public static class ForwardTrace
{
    /// <summary>Runs every layer and direction over a dense sequence, without autograd.</summary>
    /// <param name="rnn">Any of the implementations; in evaluation if it has dropout between layers.</param>
    /// <param name="input">(T, B, I); (B, T, I) if batch first; (T, I) unbatched. T ≥ 1.</param>
    /// <param name="h_0">(L·D, B, H), or (L·D, H) unbatched; zeros if null.</param>
    /// <returns>L·D traces, in the order of h_0.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or dropout is active.</exception>
    public static IReadOnlyList<LayerTrace> Of(ElmanRnn rnn, Tensor input, Tensor? h_0)
    {
        ArgumentNullException.ThrowIfNull(rnn);
        ArgumentNullException.ThrowIfNull(input);
        CheckInput.Expect(
            !(rnn.training && rnn.Options.HasDropout),
            FormattableString.Invariant(
                $"dropout is {rnn.Options.Dropout} and the RNN is in training, the backward pass expects evaluation: eval()"
            )
        );
        using var scope = NewDisposeScope();
        using var without = no_grad();
        var layout = new SequenceLayout(rnn.Options, input);
        var initial = h_0 is null ? null : layout.ToStates(h_0);
        var x = layout.ToSteps(input);
        var traces = Stack(rnn.Options, x, States(rnn, input, h_0, initial, new(x)));
        foreach (var (X, H) in traces)
        {
            X.MoveToOuterDisposeScope();
            H.MoveToOuterDisposeScope();
        }
        return traces;
    }

    // h_0 … h_T of every layer and direction, (T + 1, B, H), in the order of computation.
    private static List<Tensor> States(ElmanRnn rnn, Tensor input, Tensor? h_0, Tensor? initial, StepSequence x)
    {
        var (before, states, D) = (rnn.Traced, new List<Tensor>(), rnn.Options.NumDirections);
        rnn.Traced = (_, h) =>
        {
            var (first, reverse) = (initial?.select(0, states.Count) ?? zeros_like(h[0]), states.Count % D == 1);
            var rest = SequenceLayout.InOrder(x.Join(h, reverse).Data, reverse);
            states.Add(cat([first.unsqueeze(0), rest], 0).MoveToOuterDisposeScope());
        };
        try
        {
            rnn.call(input, h_0);
        }
        finally
        {
            rnn.Traced = before;
        }
        return states;
    }

    private static List<LayerTrace> Stack(RnnOptions options, Tensor x, List<Tensor> states)
    {
        var (traces, D) = (new List<LayerTrace>(), (int)options.NumDirections);
        for (var slot = 0; slot < states.Count; slot++)
        {
            // what a layer reads is what the layer below it made, its directions side by side
            if (slot > 0 && slot % D == 0)
                x = cat([.. traces.TakeLast(D).Select((below, d) => SequenceLayout.InOrder(below.States, d == 1))], -1);
            traces.Add(new LayerTrace(slot % D == 1 ? x.flip(0) : x.detach(), states[slot]));
        }
        return traces;
    }
}
