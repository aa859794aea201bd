using static TorchSharp.torch;

namespace Rnn.Scratch.Backward;

/// <summary>
/// Backpropagation through time by hand: the gradients of ℓ = ⟨grad_output, output⟩ + ⟨grad_h_n, h_n⟩, without autograd.
/// <para>h_bar_t = y_bar_t + W_hhᵀ a_bar_{t+1}, a_bar_t = φ'(a_t) ∘ h_bar_t; docs/backward.md derives it.</para>
/// </summary>
public static class BackwardPass
{
    /// <summary>Runs a dense sequence through the RNN, and the gradients back. L layers, D directions.</summary>
    /// <param name="rnn">Any of the implementations; in evaluation if it has dropout between layers.</param>
    /// <param name="input">(T, B, I); (B, T, I) if batch first; (T, I) unbatched. T ≥ 1.</param>
    /// <param name="h_0">(L·D, B, H), or (L·D, H) unbatched; zeros if null.</param>
    /// <param name="grad_output">Shaped as the output: as the input, with D·H features.</param>
    /// <param name="grad_h_n">Shaped as h_n: (L·D, B, H), or (L·D, H) unbatched.</param>
    /// <returns>By name, shaped as what they are the gradients of: input, h_0 if it is given, weight_ih_l0, …</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or dropout is active.</exception>
    public static IReadOnlyDictionary<string, Tensor> Of(
        ElmanRnn rnn,
        Tensor input,
        Tensor? h_0,
        Tensor grad_output,
        Tensor grad_h_n
    )
    {
        using var scope = NewDisposeScope();
        var gradients = Run(rnn, input, h_0, grad_output, grad_h_n).gradients;
        foreach (var gradient in gradients.Values)
            gradient.MoveToOuterDisposeScope();
        return gradients;
    }

    /// <summary>The gradients of every state, h_bar_t = ∂ℓ/∂h_t, by the ending of the weights' names: l0, l0_reverse, l1, …</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    /// <inheritdoc cref="Of" path="/exception"/>
    /// <returns>Each (T, B, H), in the order of time.</returns>
    public static IReadOnlyDictionary<string, Tensor> Adjoints(
        ElmanRnn rnn,
        Tensor input,
        Tensor? h_0,
        Tensor grad_output,
        Tensor grad_h_n
    )
    {
        using var scope = NewDisposeScope();
        var adjoints = Run(rnn, input, h_0, grad_output, grad_h_n).adjoints;
        foreach (var adjoint in adjoints.Values)
            adjoint.MoveToOuterDisposeScope();
        return adjoints;
    }

    private static (Dictionary<string, Tensor> gradients, Dictionary<string, Tensor> adjoints) Run(
        ElmanRnn rnn,
        Tensor input,
        Tensor? h_0,
        Tensor grad_output,
        Tensor grad_h_n
    )
    {
        using var without = no_grad();
        var traces = ForwardTrace.Of(rnn, input, h_0);
        CheckCotangents(rnn, input, grad_output, grad_h_n);
        var layout = new SequenceLayout(rnn.Options, input);
        var adjoints = new Dictionary<string, Tensor>();
        var (x_bar, h_0_bar, weights) = Stack(
            rnn,
            traces,
            layout.ToSteps(grad_output),
            layout.ToStates(grad_h_n),
            adjoints
        );
        var gradients = new Dictionary<string, Tensor> { ["input"] = layout.FromSteps(x_bar) };
        if (h_0 is not null)
            gradients["h_0"] = layout.FromStates(h_0_bar);
        foreach (var (name, _) in rnn.named_parameters())
            gradients[name] = weights[name];
        return (gradients, adjoints);
    }

    // From the last layer to the first: what a layer read is what the layer below it made.
    private static (Tensor x_bar, Tensor h_0_bar, Dictionary<string, Tensor> weights) Stack(
        ElmanRnn rnn,
        IReadOnlyList<LayerTrace> traces,
        Tensor output_bar,
        Tensor h_n_bar,
        Dictionary<string, Tensor> adjoints
    )
    {
        var (H, D) = ((int)rnn.Options.HiddenSize, (int)rnn.Options.NumDirections);
        var weights = new Dictionary<string, Tensor>();
        var h_0_bar = new Tensor[traces.Count];
        for (var layer = (int)rnn.Options.NumLayers - 1; layer >= 0; layer--)
        {
            var x_bars = new Tensor[D];
            for (var direction = 0; direction < D; direction++)
            {
                var (index, reverse) = (layer * D + direction, direction == 1);
                var suffix = RnnOptions.Suffix(layer, reverse);
                // a layer's output has its directions side by side
                var grad_states = SequenceLayout.InOrder(output_bar.narrow(-1, direction * H, H), reverse);
                var adjoint = LayerAdjoint.Of(
                    traces[index],
                    rnn.get_parameter($"weight_ih_{suffix}")!,
                    rnn.get_parameter($"weight_hh_{suffix}")!,
                    rnn.Options.NonLinearity,
                    grad_states,
                    h_n_bar.select(0, index)
                );
                Keep(weights, suffix, adjoint);
                adjoints[suffix] = SequenceLayout.InOrder(adjoint.States, reverse);
                h_0_bar[index] = adjoint.H_0;
                x_bars[direction] = SequenceLayout.InOrder(adjoint.X, reverse);
            }
            // both directions read the same x: x_bar = Σ W_ihᵀ a_bar
            output_bar = D == 1 ? x_bars[0] : x_bars[0].Plus(x_bars[1]);
        }
        return (output_bar, stack(h_0_bar, 0), weights);
    }

    private static void Keep(Dictionary<string, Tensor> weights, string suffix, LayerAdjoint adjoint)
    {
        weights[$"weight_ih_{suffix}"] = adjoint.W_ih;
        weights[$"weight_hh_{suffix}"] = adjoint.W_hh;
        weights[$"bias_ih_{suffix}"] = adjoint.B;
        weights[$"bias_hh_{suffix}"] = adjoint.B.clone();
    }

    private static void CheckCotangents(ElmanRnn rnn, Tensor input, Tensor grad_output, Tensor grad_h_n)
    {
        var (options, weight) = (rnn.Options, CheckInput.Weight(rnn));
        var D = options.NumDirections;
        long[] batch = input.dim() == 2 ? [] : [input.shape[options.BatchFirst ? 0 : 1]];
        CheckInput.Shape("grad_output", grad_output, [.. input.shape[..^1], D * options.HiddenSize], "the RNN");
        CheckInput.Shape("grad_h_n", grad_h_n, [options.NumLayers * D, .. batch, options.HiddenSize], "the RNN");
        CheckInput.Like("grad_output", grad_output, weight, "the RNN");
        CheckInput.Like("grad_h_n", grad_h_n, weight, "the RNN");
    }
}
