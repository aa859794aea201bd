using System.Diagnostics.CodeAnalysis;

namespace Rnn.Parity.Bounds;

/// <summary>
/// Steps of one direction of one layer, each from a previous state of its own. A mistake is one of the ingredients changed.
/// </summary>
internal sealed record Steps : Equation
{
    [SetsRequiredMembers]
    public Steps(Equation of, Matrix h, int[] rows)
        : base(of) => (H, HRows) = (h, rows);

    /// <summary>h_{t−1}, (n, H).</summary>
    public Matrix H { get; init; }

    /// <summary>The row of the layer in which each h_{t−1} stands; below 0 for h_0 and what is no state.</summary>
    public int[] HRows { get; }

    /// <summary>What is added after the nonlinearity, (n, H); the equation has nothing there.</summary>
    public Matrix? After { get; init; }

    /// <summary>To what h_t is rounded, if not to the run's own type.</summary>
    public Func<double, double>? Rounded { get; init; }

    public int Count => X.Rows;

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
            return e.Holds(h);
        var (low, high) = (e.Value.High - e.Bound, e.Value.High + e.Bound);
        return Rounded(h).Equals(h) && Rounded(low) <= h && h <= Rounded(high);
    }
}
