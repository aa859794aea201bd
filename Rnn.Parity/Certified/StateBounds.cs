namespace Rnn.Parity.Certified;

/// <summary>Where a value must lie: within Bound of Value.</summary>
internal readonly record struct Enclosure(DoubleDouble Value, double Bound)
{
    /// <summary>|v − Value|.</summary>
    public double Error(double v) => Math.Abs((double)((v - Value.High) - Value.Low));
}

/// <summary>
/// The Elman equation at a run's own previous states, and how far any evaluation in the run's type can be from it.
/// docs/certified.md, theorem 1.
/// </summary>
internal static class StateBounds
{
    /// <summary>
    /// An enclosure for each row and unit. Where the run's states were not recorded, those that follow from h_0 stand in
    /// their place, and their bounds are carried from step to step.
    /// </summary>
    public static Enclosure[] Of(RecordedLayer layer, Rounding rounding)
    {
        var input = new Products(layer.X, layer.W_ih.Transposed());
        var W = layer.W_hh.Transposed();
        if (layer.States is { } states)
        {
            var before = layer.Rows.Before(states, layer.H_0, layer.Reverse);
            return Evaluate(layer, rounding, input, 0, new Products(before, W), null);
        }
        var enclosures = new Enclosure[layer.Rows.Count * layer.Size];
        for (var b = 0; b < layer.Rows.Batch; b++)
        {
            var (h, radius) = (layer.H_0.Row(b).ToArray(), (double[]?)null);
            foreach (var row in layer.Rows.Of(b, layer.Reverse))
            {
                var step = Evaluate(layer, rounding, input, row, new Products(new(h, 1, h.Length), W), radius);
                step.CopyTo(enclosures, row * layer.Size);
                h = [.. step.Select(e => e.Value.High)];
                radius = [.. step.Select(e => e.Bound + Math.Abs(e.Value.Low))];
            }
        }
        return enclosures;
    }

    // The rows of a product of states, which stand for the rows of the layer from the first on.
    private static Enclosure[] Evaluate(
        RecordedLayer layer,
        Rounding rounding,
        Products input,
        int first,
        Products recurrent,
        double[]? radius
    )
    {
        var size = layer.Size;
        var enclosures = new Enclosure[recurrent.Rows * size];
        Parallel.For(
            0,
            recurrent.Rows,
            row =>
            {
                for (var unit = 0; unit < size; unit++)
                {
                    var (z, magnitude) = Sum(layer, input[first + row, unit], recurrent[row, unit], unit);
                    var carried = Carried(layer, first + row, unit, radius);
                    var δ = Radius(layer, rounding, magnitude + carried) + carried;
                    enclosures[row * size + unit] = Activate(layer, rounding, z, δ);
                }
            }
        );
        return enclosures;
    }

    // z = W_ih x + b_ih + W_hh h + b_hh, and the sum of its terms' magnitudes
    private static (DoubleDouble z, double magnitude) Sum(
        RecordedLayer layer,
        (DoubleDouble sum, double magnitude) input,
        (DoubleDouble sum, double magnitude) recurrent,
        int unit
    )
    {
        var (b_ih, b_hh) = (layer.B_ih?[unit] ?? 0, layer.B_hh?[unit] ?? 0);
        return (
            input.sum + b_ih + (recurrent.sum + b_hh),
            input.magnitude + recurrent.magnitude + Math.Abs(b_ih) + Math.Abs(b_hh)
        );
    }

    // |ẑ − z| ≤ γ_n Σ|terms| + nη for the run, and γ_{n+4}² Σ|terms| + nη for z itself as it is computed here
    private static double Radius(RecordedLayer layer, Rounding rounding, double magnitude)
    {
        var n = layer.Terms;
        var own = Rounding.Binary64.Gamma(n + 4);
        return rounding.Sum(n, magnitude) + own * own * magnitude + n * double.Epsilon;
    }

    // |W_ih| r_x + |W_hh| r_h, where x and h are known up to r_x and r_h
    private static double Carried(RecordedLayer layer, int row, int unit, double[]? radius)
    {
        var carried = 0.0;
        if (layer.XRadius is { } r_x)
            for (var k = 0; k < r_x.Columns; k++)
                carried += Math.Abs(layer.W_ih[unit, k]) * r_x[row, k];
        for (var k = 0; k < radius?.Length; k++)
            carried += Math.Abs(layer.W_hh[unit, k]) * radius[k];
        return carried;
    }

    // |φ̂(ẑ) − φ(z)| ≤ sup φ' δ, and φ's own error in parts of what it can be
    private static Enclosure Activate(RecordedLayer layer, Rounding rounding, DoubleDouble z, double δ)
    {
        var φ = layer.Φ.Exact(z);
        var spread = layer.Φ.Slope(z.High, δ) * δ;
        // the value that is rounded is one that the run can have
        var own =
            layer.Φ.Roundings * (rounding.U * (Math.Abs(φ.High) + spread) + rounding.Η) + layer.Φ.Absolute * rounding.U;
        // the bound is a sum of positive numbers, rounded fewer than 2³² times in float64: by less than 2⁻²⁰ of itself
        return new(φ, (spread + own) * (1 + Math.ScaleB(1, -20)));
    }
}
