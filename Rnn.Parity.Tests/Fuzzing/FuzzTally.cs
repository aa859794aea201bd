namespace Rnn.Parity.Tests.Fuzzing;

/// <summary>What became of a mutated folder.</summary>
public enum Fate
{
    /// <summary>It was refused in a sentence.</summary>
    Refused,

    /// <summary>Its numbers are as they were, and so is the verdict.</summary>
    Same,

    /// <summary>A number changed, and the evidence says that it differs.</summary>
    Differs,

    /// <summary>A number changed, and nothing contradicts the equation.</summary>
    Undecided,

    /// <summary>A number changed, and everything lies within its bound.</summary>
    Certified,

    /// <summary>A number changed on which nothing depends, and every recorded bit is as our runs have it.</summary>
    Equal,
}

/// <summary>How many mutated folders came to what, and which of them wrongly.</summary>
public sealed class FuzzTally
{
    private readonly Dictionary<Fate, int> counts = Enum.GetValues<Fate>().ToDictionary(fate => fate, _ => 0);

    /// <summary>What is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Wrong => wrong;

    private readonly List<string> wrong = [];

    /// <summary>How many came to this.</summary>
    public int this[Fate fate] => counts[fate];

    /// <summary>Counts one.</summary>
    public void Add((Fate fate, string? wrong) judged)
    {
        counts[judged.fate]++;
        if (judged.wrong is not null)
            wrong.Add(judged.wrong);
    }

    /// <summary>The figures, one a line.</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"""
            {counts.Values.Sum()} mutated folders:
            {counts[Fate.Refused]} refused in a sentence
            {counts[Fate.Same]} with the same numbers, and the same verdict
            {counts[Fate.Differs]} with changed numbers, which differ
            {counts[Fate.Undecided]} with changed numbers, undecided
            {counts[Fate.Certified]} with changed numbers, certified within their bounds
            {counts[Fate.Equal]} with changed numbers on which nothing depends, identical or exact
            {wrong.Count} wrongly any of these
            """
        ) + string.Concat(wrong.Take(20).Select(w => "\nWRONG: " + w));
}
