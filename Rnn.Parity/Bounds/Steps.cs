namespace Rnn.Parity.Bounds;

/// <summary>
/// Steps of one direction of one layer, each from a previous state of its own, by their ingredients. A mistake is one of
/// them changed.
/// <para>h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)</para>
/// </summary>
internal sealed record Steps
{
    /// <summary>x_t, (n, K), and how far the run's own can be from it; null if it is the run's own.</summary>
    public required Matrix X { get; init; }

    /// <inheritdoc cref="X"/>
    public Matrix? XRadius { get; init; }

    /// <summary>The errors within that radius, by direction of the layer below and step; null where their signs are not known.</summary>
    public IReadOnlyList<Zonotope[]>? XErrors { get; init; }

    /// <summary>h_{t−1}, (n, H).</summary>
    public required Matrix H { get; init; }

    /// <summary>The row of the layer in which each h_{t−1} stands; below 0 for h_0 and what is no state.</summary>
    public required int[] HRows { get; init; }

    /// <summary>(H, K).</summary>
    public required Matrix W_ih { get; init; }

    /// <summary>(H, H).</summary>
    public required Matrix W_hh { get; init; }

    /// <summary>(H), null without biases.</summary>
    public double[]? B_ih { get; init; }

    /// <summary>(H), null without biases.</summary>
    public double[]? B_hh { get; init; }

    /// <summary>The nonlinearity.</summary>
    public required Nonlinearity Φ { get; init; }

    /// <summary>How the run rounds.</summary>
    public required Rounding Rounding { get; init; }

    /// <summary>What is added after the nonlinearity, (n, H); the equation has nothing there.</summary>
    public Matrix? After { get; init; }

    /// <summary>To what h_t is rounded, if not to the run's own type.</summary>
    public Func<double, double>? Rounded { get; init; }

    /// <summary>n.</summary>
    public int Count => X.Rows;

    /// <summary>H.</summary>
    public int Size => W_hh.Rows;

    /// <summary>Through how many roundings a product passes at most: its own and an addition for each other term.</summary>
    public int Terms => W_ih.Columns + W_hh.Columns + (B_ih is null ? 0 : 2);

    /// <summary>Whether every state of a layer's rows can be one of these steps', whatever their order of rounding.</summary>
    public bool Reproduce(IReadOnlyList<int> rows, Matrix states)
    {
        var enclosures = StateBounds.Of(this);
        for (var i = 0; i < enclosures.Length; i++)
        {
            var h = states[rows[i / Size], i % Size];
            if (!double.IsFinite(enclosures[i].Bound) || !Contains(enclosures[i], h))
                return false;
        }
        return true;
    }

    // Rounding never falls, so that it maps what a state can be to what lies between its ends.
    private bool Contains(Enclosure e, double h)
    {
        if (Rounded is null)
            return e.Error(h) <= e.Bound;
        var (low, high) = (e.Value.High - e.Bound, e.Value.High + e.Bound);
        return Rounded(h).Equals(h) && Rounded(low) <= h && h <= Rounded(high);
    }
}
