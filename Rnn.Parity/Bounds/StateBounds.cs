namespace Rnn.Parity.Bounds;

/// <summary>Where a value must lie: within Bound of Value.</summary>
internal readonly record struct Enclosure(DoubleDouble Value, double Bound)
{
    public double Error(double v) => Math.Abs((double)((v - Value.High) - Value.Low));

    public bool Holds(double v) => Error(v) <= Bound;

    public double Radius => Bound + Math.Abs(Value.Low);
}

/// <summary>
/// The Elman equation at given previous states, and how far any evaluation in a run's type can be from it.
/// docs/certified.md, theorems 1 and 2.
/// </summary>
internal static class StateBounds
{
    public static Enclosure[] Of(Steps steps)
    {
        using var scope = NewDisposeScope();
        var (H, sums, carried) = (steps.Size, new Sums(steps), new Carried(steps));
        var unknown = Enumerable.Range(0, steps.Count).Select(row => carried.OfInput(row)).ToList();
        var enclosures = new Enclosure[steps.Count * H];
        Parallel.For(
            0,
            steps.Count,
            row =>
            {
                for (var unit = 0; unit < H; unit++)
                {
                    var (z, δ) = sums.At(row, unit, unknown[row].magnitude[unit]);
                    enclosures[row * H + unit] = Activate(steps, row, unit, z, δ + unknown[row].radius[unit]);
                }
            }
        );
        return enclosures;
    }

    /// <summary>
    /// The states that follow where only the errors of those before are known: an enclosure for each step and unit, and the
    /// errors of each step with their signs.
    /// </summary>
    /// <param name="steps">The steps.</param>
    /// <param name="errors">Those of each h_{t−1}; null where there are none.</param>
    /// <param name="kept">How many blocks of generators to keep.</param>
    public static (Enclosure[] states, Zonotope[] errors) Carry(Steps steps, IReadOnlyList<Zonotope?> errors, int kept)
    {
        using var scope = NewDisposeScope();
        var (H, sums, carried) = (steps.Size, new Sums(steps), new Carried(steps).WithStates());
        var (enclosures, after) = (new Enclosure[steps.Count * H], new Zonotope[steps.Count]);
        Parallel.For(0, steps.Count, Row);
        foreach (var own in after)
            own.MoveOutOf(scope);
        return (enclosures, after);

        void Row(int row)
        {
            using var ofThread = NewDisposeScope();
            var (ofInput, m_x) = carried.OfInput(row);
            var (w, m_h) = carried.OfState(errors[row] ?? Zonotope.Zero(H));
            var (ρ, slopes, fresh) = (w.Radius(), new double[H], new double[H]);
            for (var unit = 0; unit < H; unit++)
            {
                var (z, δ) = sums.At(row, unit, m_x[unit] + m_h[unit]);
                // the errors of the input are the step's own, as is the rounding
                var (φ, slope, rest) = Linear(steps, z, δ + ofInput[unit], ρ[unit]);
                (slopes[unit], fresh[unit]) = (slope, rest + Math.Abs(φ.Low));
                enclosures[row * H + unit] = new(φ, 0);
            }
            after[row] = w.Step(slopes, fresh, kept).Detached();
            var radius = after[row].Radius();
            for (var unit = 0; unit < H; unit++)
            {
                ref var e = ref enclosures[row * H + unit];
                e = e with { Bound = (radius[unit] + Math.Abs(e.Value.Low)) * Rounding.Margin };
            }
        }
    }

    // φ(z + w + d) = φ(z) + slope · w + r, where |w| ≤ ρ is carried, |d| ≤ δ is the step's own, and |r| ≤ rest
    private static (DoubleDouble φ, double slope, double rest) Linear(Steps steps, DoubleDouble z, double δ, double ρ)
    {
        var (φ, ω) = (steps.Φ.Exact(z), ρ + δ);
        var spread = steps.Φ.Slope(z.High, ω) * ω;
        var own = Own(steps, φ, spread);
        var (slope, bend) = steps.Φ.Linear(z.High, φ.High, ω);
        // a straight line may fit worse than none
        var rest = Math.Abs(slope) * δ + bend + 4 * Rounding.Binary64.U * ρ;
        return rest < spread ? (φ, slope, rest + own) : (φ, 0, spread + own);
    }

    // |φ̂(ẑ) − φ(z)| ≤ sup φ' δ, and φ's own error; what is added after it rounds once more
    private static Enclosure Activate(Steps steps, int row, int unit, DoubleDouble z, double δ)
    {
        var φ = steps.Φ.Exact(z);
        var spread = steps.Φ.Slope(z.High, δ) * δ;
        var bound = spread + Own(steps, φ, spread);
        if (steps.After is { } after)
        {
            φ += after[row, unit];
            bound += steps.Rounding.U * (Math.Abs(φ.High) + bound);
        }
        return new(φ, bound * Rounding.Margin);
    }

    /// <summary>φ's own error, in parts of what φ can be: the value that is rounded is one that the run can have.</summary>
    public static double Own(Steps steps, DoubleDouble φ, double spread) =>
        steps.Φ.Roundings * (steps.Rounding.U * (Math.Abs(φ.High) + spread) + steps.Rounding.Η)
        + steps.Φ.Absolute * steps.Rounding.U;

    // z = W_ih x + b_ih + W_hh h + b_hh, and how far the run's can be from it
    private sealed class Sums(Steps steps)
    {
        private readonly Products input = new(steps.X, steps.W_ih.Transposed());
        private readonly Products recurrent = new(steps.H, steps.W_hh.Transposed());

        public (DoubleDouble z, double δ) At(int row, int unit, double more)
        {
            var ((Wx, m_x), (Wh, m_h)) = (input[row, unit], recurrent[row, unit]);
            var (b_ih, b_hh) = (steps.B_ih?[unit] ?? 0, steps.B_hh?[unit] ?? 0);
            var magnitude = m_x + m_h + Math.Abs(b_ih) + Math.Abs(b_hh) + more;
            // |ẑ − z| ≤ γ_n Σ|terms| + nη for the run, and γ_{n+4}² Σ|terms| + nη for z itself as it is computed here
            var n = steps.Terms;
            var own = Rounding.Binary64.Gamma(n + 4);
            return (
                Wx + b_ih + (Wh + b_hh),
                steps.Rounding.Sum(n, magnitude) + own * own * magnitude + n * double.Epsilon
            );
        }
    }
}
