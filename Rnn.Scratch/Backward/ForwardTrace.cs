using static TorchSharp.torch;

namespace Rnn.Scratch.Backward;

/// <summary>
/// The forward pass again, with every state kept: h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh). On a CPU the states have
/// the bits of the RNN's own, since the same products are taken of the same rows.
/// </summary>
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
        CheckInput.Of(rnn, input, h_0);
        CheckInput.Expect(
            !(rnn.training && rnn.Options is { Dropout: > 0, NumLayers: > 1 }),
            FormattableString.Invariant(
                $"dropout is {rnn.Options.Dropout} and the RNN is in training, the backward pass expects evaluation: eval()"
            )
        );
        using var scope = NewDisposeScope();
        using var without = no_grad();
        var traces = Stack(rnn, new SequenceLayout(rnn.Options, input), input, h_0);
        foreach (var (X, H) in traces)
        {
            X.MoveToOuterDisposeScope();
            H.MoveToOuterDisposeScope();
        }
        return traces;
    }

    private static List<LayerTrace> Stack(ElmanRnn rnn, SequenceLayout layout, Tensor input, Tensor? h_0)
    {
        var (options, x) = (rnn.Options, layout.ToSteps(input));
        var (H, D) = (options.HiddenSize, options.NumDirections);
        var initial = h_0 is null
            ? zeros(options.NumLayers * D, x.shape[1], H, x.dtype, x.device)
            : layout.ToStates(h_0);

        var traces = new List<LayerTrace>();
        for (var layer = 0; layer < options.NumLayers; layer++)
        {
            var outputs = new List<Tensor>();
            for (var direction = 0; direction < D; direction++)
            {
                var reverse = direction == 1;
                var w = Weights(rnn, RnnOptions.Suffix(layer, reverse));
                var trace = LayerTrace.Of(options, w, x, initial.select(0, traces.Count), reverse);
                outputs.Add(SequenceLayout.InOrder(trace.States, reverse));
                traces.Add(trace);
            }
            x = outputs.Count == 1 ? outputs[0] : cat(outputs, -1);
        }
        return traces;
    }

    /// <summary>The weights whose names end in the suffix.</summary>
    internal static ElmanWeights Weights(ElmanRnn rnn, string suffix) =>
        new(
            rnn.get_parameter($"weight_ih_{suffix}")!,
            rnn.get_parameter($"weight_hh_{suffix}")!,
            rnn.Options.Bias ? rnn.get_parameter($"bias_ih_{suffix}") : null,
            rnn.Options.Bias ? rnn.get_parameter($"bias_hh_{suffix}") : null
        );
}
