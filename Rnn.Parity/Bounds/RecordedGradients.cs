namespace Rnn.Parity.Bounds;

/// <summary>
/// The gradients of ⟨grad_output, output⟩ + ⟨grad_h_n, h_n⟩ at a run's own states, by hand, and how far the run's can be
/// from them.
/// </summary>
internal static class RecordedGradients
{
    /// <summary>Every gradient by name, as rows: grad.input, grad.h_0, grad.weight_ih_l0, …</summary>
    public static Dictionary<string, Bounded> Of(
        RnnCase c,
        CaseTensors tensors,
        IReadOnlyList<RecordedLayer> layers,
        IReadOnlyList<Matrix>? adjoints,
        Rounding rounding,
        Func<int, bool>? cut = null
    )
    {
        using var scope = NewDisposeScope();
        var gradients = new Dictionary<string, Bounded>();
        var D = (int)c.Options.NumDirections;
        var h_0 = new Bounded[layers.Count];
        var y_bar = Bounded.Given(Matrix.Of(c.TimeFirst(c.Cotangent(tensors))));
        for (var k = layers.Count / D - 1; k >= 0; k--)
        {
            var a_bars = new List<Bounded>();
            for (var d = 0; d < D; d++)
            {
                var slot = k * D + d;
                var layer = layers[slot];
                var adjoint = new AdjointBounds(layer, rounding, cut).Run(
                    y_bar.Part(d * layer.Size, layer.Size),
                    Matrix.Of(tensors.GradH_n.select(0, slot)),
                    adjoints?[slot]
                );
                h_0[slot] = adjoint.H_0;
                a_bars.Add(adjoint.A);
                Keep(gradients, layer, adjoint, rounding);
            }
            // x_bar_t = Σ over the directions of W_ihᵀ a_bar_t
            var W_ih = Matrix.Stack([.. layers.Skip(k * D).Take(D).Select(layer => layer.W_ih)]);
            y_bar = Bounded.Join(a_bars, Matrix.Beside).Times(Bounded.Given(W_ih), rounding);
            if (layers[k * D].Mask is { } mask)
                y_bar = Dropped(y_bar, mask, rounding);
        }
        gradients["grad.input"] = y_bar;
        if (tensors.H_0 is not null)
            gradients["grad.h_0"] = Bounded.Join(h_0, Matrix.Stack);
        return gradients;
    }

    // W_ih_bar = Σ_t a_bar_t x_tᵀ, W_hh_bar = Σ_t a_bar_t h_{t−1}ᵀ, b_bar = Σ_t a_bar_t
    private static void Keep(
        Dictionary<string, Bounded> gradients,
        RecordedLayer layer,
        AdjointBounds adjoint,
        Rounding rounding
    )
    {
        var (x, h, a_barT) = (Bounded.Given(layer.X), layer.Known, adjoint.A.Transposed());
        if (layer.XRadius is { } radius)
            x = x with { Bound = radius };
        int[] previous = [.. Enumerable.Range(0, layer.Rows.Count).Select(layer.Previous)];
        var before = new Bounded(h.Value.Gather(previous, layer.H_0), h.Bound.Gather(previous));
        gradients[$"adjoint.{layer.Suffix}"] = adjoint.HBar;
        gradients[$"grad.weight_ih_{layer.Suffix}"] = a_barT.Times(x, rounding);
        gradients[$"grad.weight_hh_{layer.Suffix}"] = a_barT.Times(before, rounding);
        if (layer.B_ih is null)
            return;
        var ones = new Matrix([.. Enumerable.Repeat(1.0, layer.Rows.Count)], 1, layer.Rows.Count);
        gradients[$"grad.bias_ih_{layer.Suffix}"] = Bounded.Given(ones).Times(adjoint.A, rounding);
        gradients[$"grad.bias_hh_{layer.Suffix}"] = gradients[$"grad.bias_ih_{layer.Suffix}"];
    }

    // (x ∘ mask)_bar ∘ mask, rounded once
    private static Bounded Dropped(Bounded y_bar, Matrix mask, Rounding rounding)
    {
        var dropped = Bounded.Zero(mask.Rows, mask.Columns);
        for (var row = 0; row < mask.Rows; row++)
        for (var i = 0; i < mask.Columns; i++)
        {
            var m = mask[row, i];
            var rounded = rounding.Sum(1, y_bar.Magnitude(row, i) * m);
            dropped.Set(row, i, y_bar.Value[row, i] * m, y_bar.Bound[row, i] * m + rounded);
        }
        return dropped;
    }
}
