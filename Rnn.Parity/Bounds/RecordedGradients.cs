namespace Rnn.Parity.Bounds;

/// <summary>
/// The gradients of ⟨grad_output, output⟩ + ⟨grad_h_n, h_n⟩ at a run's own states, by hand, and how far the run's can be
/// from them.
/// </summary>
internal static class RecordedGradients
{
    /// <summary>Every gradient by name, as rows: grad.input, grad.h_0, grad.weight_ih_l0, …</summary>
    /// <param name="c">The case.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="layers">What <see cref="Recording"/> made of the run.</param>
    /// <param name="adjoints">The run's own h_bar_t of each layer, by rows; null if they were not recorded.</param>
    /// <param name="rounding">How the run rounds, and this evaluation beside it.</param>
    public static Dictionary<string, Bounded> Of(
        RnnCase c,
        CaseTensors tensors,
        IReadOnlyList<RecordedLayer> layers,
        IReadOnlyList<Matrix>? adjoints,
        Rounding rounding
    )
    {
        using var scope = NewDisposeScope();
        var gradients = new Dictionary<string, Bounded>();
        var (D, masks) = ((int)c.Options.NumDirections, Masks.Of(c));
        var h_0 = new Bounded[layers.Count];
        var y_bar = Bounded.Given(Matrix.Of(c.TimeFirst(c.Cotangent(tensors))));
        for (var k = layers.Count / D - 1; k >= 0; k--)
        {
            var directions = new List<(Matrix W_ih, Bounded a_bar)>();
            for (var d = 0; d < D; d++)
            {
                var slot = k * D + d;
                var (layer, states) = (layers[slot], States(layers[slot]));
                var adjoint = new AdjointBounds(layer, states, rounding).Run(
                    Columns(y_bar, d * layer.Size, layer.Size),
                    Matrix.Of(tensors.GradH_n.select(0, slot)),
                    adjoints?[slot]
                );
                h_0[slot] = adjoint.H_0;
                directions.Add((layer.W_ih, adjoint.A));
                Keep(gradients, layer, states, adjoint, rounding);
            }
            y_bar = GradientSums.Input(directions, rounding);
            if (k > 0 && masks[k - 1] is { } mask)
                y_bar = Dropped(y_bar, mask, rounding);
        }
        gradients["grad.input"] = y_bar;
        if (tensors.H_0 is not null)
            gradients["grad.h_0"] = Stack(h_0);
        return gradients;
    }

    private static void Keep(
        Dictionary<string, Bounded> gradients,
        RecordedLayer layer,
        Bounded states,
        AdjointBounds adjoint,
        Rounding rounding
    )
    {
        var radius = layer.XRadius ?? Bounded.Zero(layer.X.Rows, layer.X.Columns).Bound;
        int[] previous = [.. Enumerable.Range(0, layer.Rows.Count).Select(layer.Previous)];
        var before = new Bounded(states.Value.Gather(previous, layer.H_0), states.Bound.Gather(previous));
        gradients[$"adjoint.{layer.Suffix}"] = adjoint.HBar;
        gradients[$"grad.weight_ih_{layer.Suffix}"] = GradientSums.Weight(adjoint.A, new(layer.X, radius), rounding);
        gradients[$"grad.weight_hh_{layer.Suffix}"] = GradientSums.Weight(adjoint.A, before, rounding);
        if (layer.B_ih is null)
            return;
        gradients[$"grad.bias_ih_{layer.Suffix}"] = GradientSums.Bias(adjoint.A, rounding);
        gradients[$"grad.bias_hh_{layer.Suffix}"] = gradients[$"grad.bias_ih_{layer.Suffix}"];
    }

    private static Bounded States(RecordedLayer layer) =>
        layer.States is { } own
            ? Bounded.Given(own)
            : new(
                new([.. layer.Enclosures.Select(e => e.Value.High)], layer.Rows.Count, layer.Size),
                new([.. layer.Enclosures.Select(e => e.Radius)], layer.Rows.Count, layer.Size)
            );

    private static Bounded Columns(Bounded of, int first, int count)
    {
        var columns = Bounded.Zero(of.Value.Rows, count);
        for (var row = 0; row < of.Value.Rows; row++)
        for (var i = 0; i < count; i++)
            columns.Set(row, i, of.Value[row, first + i], of.Bound[row, first + i]);
        return columns;
    }

    private static Bounded Stack(Bounded[] parts) =>
        new(
            new([.. parts.SelectMany(p => p.Value.Values)], parts.Sum(p => p.Value.Rows), parts[0].Value.Columns),
            new([.. parts.SelectMany(p => p.Bound.Values)], parts.Sum(p => p.Value.Rows), parts[0].Value.Columns)
        );

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
