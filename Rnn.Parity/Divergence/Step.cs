namespace Rnn.Parity.Divergences;

/// <summary>
/// One step of the equation, by its ingredients; a mistake is a step with one of them changed.
/// <para>h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)</para>
/// </summary>
/// <param name="X">x_t, by rows of the batch.</param>
/// <param name="H">h_{t−1}, the run's own, by rows of the batch.</param>
/// <param name="W_ih">By units.</param>
/// <param name="W_hh">By units.</param>
/// <param name="B_ih">Zeros if there is none.</param>
/// <param name="B_hh">Zeros if there is none.</param>
/// <param name="Φ">The nonlinearity.</param>
/// <param name="Arithmetic">What the run computes in.</param>
internal sealed record Step(
    double[][] X,
    double[][] H,
    double[][] W_ih,
    double[][] W_hh,
    double[] B_ih,
    double[] B_hh,
    Activation Φ,
    Arithmetic Arithmetic
)
{
    /// <summary>A nonlinearity of W_ih x_t + b_ih alone; the equation has none.</summary>
    public Activation? InputΦ { get; init; }

    /// <summary>What is added after the nonlinearity, by rows; the equation has nothing there.</summary>
    public double[][]? After { get; init; }

    /// <summary>To what h_t is rounded, other than the arithmetic's own type.</summary>
    public Func<double, double>? Rounded { get; init; }

    // Through how many roundings a product passes at most: its own, and I + H + 1 additions.
    private int N => W_ih[0].Length + W_hh[0].Length + 2;

    /// <summary>Whether there is a bound: N roundings of U are fewer than one.</summary>
    public bool IsBounded => double.IsFinite(Arithmetic.Gamma(N));

    /// <summary>The values that h_t can have for one row and unit, in any order of rounding.</summary>
    public Interval Evaluate(int row, int unit)
    {
        var g = Sum.Of(W_ih[unit], X[row], B_ih[unit]);
        if (InputΦ is not null)
        {
            var inner = Through(InputΦ, g);
            g = new(inner.Middle, 0, Math.Abs(inner.Middle) + inner.Radius, inner.Radius);
        }
        var h = Through(Φ, g + Sum.Of(W_hh[unit], H[row], B_hh[unit]));
        if (After is not null)
            h = h.Map(value => value + After[row][unit]).Widen(Arithmetic.U + Arithmetic.Own, 0);
        return Rounded is null ? h : h.Map(Rounded);
    }

    /// <summary>Whether every row and unit of a state can be a rounding of this step.</summary>
    public bool Reproduces(double[][] state)
    {
        if (!IsBounded)
            return false;
        for (var row = 0; row < state.Length; row++)
        for (var unit = 0; unit < state[row].Length; unit++)
        {
            if (!Evaluate(row, unit).Contains(state[row][unit]))
                return false;
            if (Rounded is not null && !Values.Same(Rounded(state[row][unit]), state[row][unit]))
                return false;
        }
        return true;
    }

    // |ẑ − z| ≤ γ_N (|W_ih||x| + |b_ih| + |W_hh||h| + |b_hh|); what underflows adds the smallest number once each.
    // φ never falls, so that its value lies between φ(z − |ẑ − z|) and φ(z + |ẑ − z|), but for φ's own roundings.
    private Interval Through(Activation φ, Sum z)
    {
        if (!IsBounded)
            return new(double.NegativeInfinity, double.PositiveInfinity);
        var bound = z.Radius + (Arithmetic.Gamma(N) + Arithmetic.Own) * z.Magnitude + N * Arithmetic.Smallest;
        // An infinite or undefined sum is that in any order.
        if (!double.IsFinite(bound))
            return new(φ.Of(z.High), φ.Of(z.High));
        return new Interval(z.High - bound + z.Low, z.High + bound + z.Low)
            .Map(φ.Of)
            .Widen(φ.Roundings * (Arithmetic.U + Arithmetic.Binary64), φ.Roundings * Arithmetic.Smallest);
    }
}
