namespace Rnn.Parity.Comparison;

/// <summary>What one check established.</summary>
/// <param name="Evidence">The evidence, by its word.</param>
/// <param name="Detail">What was compared or measured, in a few words.</param>
public sealed record Finding(Evidence Evidence, string Detail)
{
    private readonly bool? holds;

    /// <summary>Whether the check's claim holds: as the evidence has it, if it is not set, as for a difference that is proven.</summary>
    public bool Holds
    {
        get => holds ?? Evidence > Evidence.Undecided;
        init => holds = value;
    }

    /// <summary>The names of what was compared bit for bit.</summary>
    public IReadOnlyList<string> Quantities { get; init; } = [];

    /// <summary>Those that are not identical; of a run that certification judged, the first that lies outside of its bound.</summary>
    public IReadOnlyList<string> DifferingQuantities { get; init; } = [];

    /// <summary>How many elements were compared.</summary>
    public long Elements { get; init; }

    /// <summary>How many of them differ.</summary>
    public long Differing { get; init; }

    /// <summary>The greatest distance in ULP, where there is one.</summary>
    public ulong? WorstUlp { get; init; }

    /// <summary>The greatest |error| / bound, where there is a bound.</summary>
    public double? BoundRatio { get; init; }

    /// <summary>The greatest |error| / bound by the probabilistic bound, which is tighter and holds with a stated probability.</summary>
    public double? ProbableRatio { get; init; }

    /// <summary>The widest bound, in parts of the largest value of its quantity: near 1 it says little.</summary>
    public double? WidestBound { get; init; }

    /// <summary>The absolute error of tanh, in u, that is within the bounds beside what every library's may have.</summary>
    public int TanhError { get; init; }

    /// <summary>
    /// What speaks against a certified run: it leaves the probabilistic bound, which a correct one does rarely unless its
    /// rounding errors depend on each other. Null if nothing does.
    /// </summary>
    public string? Doubt { get; init; }

    /// <summary>What differs, where it began and what it means, also where rounding explains it; null where nothing differs.</summary>
    public string? Explanation { get; init; }

    /// <summary>The same with the greatest of several findings' ratios, bounds and errors of tanh.</summary>
    internal Finding WithGreatest(IReadOnlyList<Finding> findings) =>
        this with
        {
            BoundRatio = findings.Max(f => f.BoundRatio),
            ProbableRatio = findings.Max(f => f.ProbableRatio),
            WidestBound = findings.Max(f => f.WidestBound),
            TanhError = findings.Max(f => f.TanhError),
        };

    /// <summary>Does nothing where the claim holds.</summary>
    /// <exception cref="ParityException">It does not; the message says why. Any test framework shows it.</exception>
    public void ShouldHold()
    {
        if (!Holds)
            throw new ParityException(ToString());
    }

    /// <summary>The evidence, what was compared, and the explanation if there is one.</summary>
    public override string ToString() => $"{Evidence}: {Detail}\n{Explanation}".TrimEnd();
}

/// <summary>An RNN is not shown to be the same as its reference.</summary>
public sealed class ParityException(string message) : Exception(message);
