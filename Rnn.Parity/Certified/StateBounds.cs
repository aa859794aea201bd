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
    // A bound is a sum of positive numbers, rounded fewer than 2³² times in float64: by less than 2⁻²⁰ of itself.
    private static readonly double Margin = 1 + Math.ScaleB(1, -20);

    /// <summary>
    /// An enclosure for each row and unit. Where the run's states were not recorded, those that follow from h_0 stand in
    /// their place, with the errors that the run's can have: theorem 2.
    /// </summary>
    public static (Enclosure[] states, Zonotope[]? errors) Of(RecordedLayer layer, Rounding rounding)
    {
        var input = new Products(layer.X, layer.W_ih.Transposed());
        if (layer.States is not { } states)
            return Unrecorded(layer, rounding, input);
        var before = layer.Rows.Before(states, layer.H_0, layer.Reverse);
        var recurrent = new Products(before, layer.W_hh.Transposed());
        var carried = new Carried(layer);
        var unknown = Enumerable.Range(0, layer.Rows.Count).Select(row => carried.Into(row, null)).ToList();
        var enclosures = new Enclosure[layer.Rows.Count * layer.Size];
        Parallel.For(
            0,
            layer.Rows.Count,
            row =>
            {
                for (var unit = 0; unit < layer.Size; unit++)
                {
                    var (z, magnitude) = Sum(layer, input[row, unit], recurrent[row, unit], unit);
                    var δ = Radius(layer, rounding, magnitude + unknown[row].Magnitude[unit]);
                    enclosures[row * layer.Size + unit] = Activate(layer, rounding, z, δ + unknown[row].Radius[unit]);
                }
            }
        );
        return (enclosures, null);
    }

    private static (Enclosure[] states, Zonotope[] errors) Unrecorded(
        RecordedLayer layer,
        Rounding rounding,
        Products input
    )
    {
        var (H, W, carried) = (layer.Size, layer.W_hh.Transposed(), new Carried(layer));
        var (enclosures, errors) = (new Enclosure[layer.Rows.Count * H], new Zonotope[layer.Rows.Count]);
        var kept = Zonotope.Kept(layer.Rows.Count, H, stored: true);
        for (var b = 0; b < layer.Rows.Batch; b++)
        {
            var (h, δ_h) = (layer.H_0.Row(b).ToArray(), Zonotope.Zero(H));
            foreach (var row in layer.Rows.Of(b, layer.Reverse))
            {
                var (recurrent, unknown) = (new Products(new(h, 1, H), W), carried.Into(row, δ_h));
                var (slopes, fresh) = (new double[H], new double[H]);
                for (var unit = 0; unit < H; unit++)
                {
                    var (z, magnitude) = Sum(layer, input[row, unit], recurrent[0, unit], unit);
                    var δ = Radius(layer, rounding, magnitude + unknown.Magnitude[unit]);
                    var (φ, slope, rest) = Linear(layer, rounding, z, δ, unknown.Radius[unit]);
                    (h[unit], slopes[unit], fresh[unit]) = (φ.High, slope, rest + Math.Abs(φ.Low));
                    enclosures[row * H + unit] = new(φ, 0);
                }
                errors[row] = δ_h = unknown.Errors.Step(slopes, fresh, kept);
                var radius = δ_h.Radius();
                for (var unit = 0; unit < H; unit++)
                {
                    ref var e = ref enclosures[row * H + unit];
                    e = e with { Bound = (radius[unit] + Math.Abs(e.Value.Low)) * Margin };
                }
            }
        }
        return (enclosures, errors);
    }

    // φ(z + w + d) = φ(z) + slope · w + r, where |w| ≤ ρ is carried, |d| ≤ δ is the step's own, and |r| ≤ rest
    private static (DoubleDouble φ, double slope, double rest) Linear(
        RecordedLayer layer,
        Rounding rounding,
        DoubleDouble z,
        double δ,
        double ρ
    )
    {
        var (φ, ω) = (layer.Φ.Exact(z), ρ + δ);
        var spread = layer.Φ.Slope(z.High, ω) * ω;
        var own = Own(layer, rounding, φ, spread);
        var (slope, bend) = layer.Φ.Linear(z.High, φ.High, ω);
        // a straight line may fit worse than none
        var rest = Math.Abs(slope) * δ + bend + 4 * Rounding.Binary64.U * ρ;
        return rest < spread ? (φ, slope, rest + own) : (φ, 0, spread + own);
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

    // |φ̂(ẑ) − φ(z)| ≤ sup φ' δ, and φ's own error
    private static Enclosure Activate(RecordedLayer layer, Rounding rounding, DoubleDouble z, double δ)
    {
        var φ = layer.Φ.Exact(z);
        var spread = layer.Φ.Slope(z.High, δ) * δ;
        return new(φ, (spread + Own(layer, rounding, φ, spread)) * Margin);
    }

    // in parts of what φ can be: the value that is rounded is one that the run can have
    private static double Own(RecordedLayer layer, Rounding rounding, DoubleDouble φ, double spread) =>
        layer.Φ.Roundings * (rounding.U * (Math.Abs(φ.High) + spread) + rounding.Η) + layer.Φ.Absolute * rounding.U;
}
