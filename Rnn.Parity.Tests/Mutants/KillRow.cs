namespace Rnn.Parity.Tests.Mutants;

/// <summary>What the suite as a whole makes of a mutant.</summary>
public enum KillVerdict
{
    /// <summary>A right RNN that holds.</summary>
    Holds,

    /// <summary>Killed by two kinds of evidence or more.</summary>
    Killed,

    /// <summary>Killed by the one kind that can see it.</summary>
    KilledByOne,

    /// <summary>The same function in other bits: identical fails, and nothing else does.</summary>
    Recognised,

    /// <summary>No kind of evidence kills it, or one alone where another could have.</summary>
    Alive,

    /// <summary>The right function, and killed for it.</summary>
    WronglyKilled,
}

/// <summary>One mutant and its cells, in the order of <see cref="KillMatrix.Kinds"/>.</summary>
public sealed record KillRow(Mutant Mutant, IReadOnlyList<Cell> Cells)
{
    private static readonly Dictionary<KillVerdict, string> words = new()
    {
        [KillVerdict.Holds] = "holds",
        [KillVerdict.Killed] = "killed",
        [KillVerdict.KilledByOne] = "killed by one",
        [KillVerdict.Recognised] = "the same function",
        [KillVerdict.Alive] = "ALIVE",
        [KillVerdict.WronglyKilled] = "WRONGLY KILLED",
    };

    /// <summary>How many kinds of evidence kill it.</summary>
    public int Kills => Cells.Count(cell => cell.Fate == Fate.Killed);

    /// <summary>What the suite as a whole makes of it.</summary>
    public KillVerdict Verdict =>
        Mutant.Kind switch
        {
            MutantKind.Control => Kills == 0 ? KillVerdict.Holds : KillVerdict.WronglyKilled,
            MutantKind.Rounding when Cells.Skip(1).Any(cell => cell.Fate == Fate.Killed) => KillVerdict.WronglyKilled,
            MutantKind.Rounding => Kills == 1 ? KillVerdict.Recognised : KillVerdict.Alive,
            _ when Kills > 1 => KillVerdict.Killed,
            _ when Kills == 1 && Cells.All(cell => cell.Fate != Fate.Alive) => KillVerdict.KilledByOne,
            _ => KillVerdict.Alive,
        };

    /// <summary>Whether the suite is right about it.</summary>
    public bool IsRight => Verdict is not (KillVerdict.Alive or KillVerdict.WronglyKilled);

    /// <summary>Name, mistake, a cell a kind, verdict.</summary>
    public IReadOnlyList<string> Columns => [Mutant.Name, Mutant.Mistake, .. Cells.Select(Words), words[Verdict]];

    private string Words(Cell cell) => IsRightFunction && cell.Fate == Fate.Alive ? "holds" : cell.ToString();

    private bool IsRightFunction => Mutant.Kind is MutantKind.Control or MutantKind.Rounding;

    /// <summary>The last line: how many mutants there are and what became of them.</summary>
    public static string Count(IReadOnlyList<KillRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var mutants = rows.Where(row => row.Mutant.Kind != MutantKind.Control).ToList();
        var wrongly = rows.Count(row => row.Verdict == KillVerdict.WronglyKilled);
        return $"{mutants.Count} mutants: {Of(KillVerdict.Killed)} killed by two kinds or more, "
            + $"{Of(KillVerdict.KilledByOne)} by one, {Of(KillVerdict.Recognised)} the same function and recognised, "
            + $"{Of(KillVerdict.Alive)} alive"
            + (wrongly > 0 ? $"; {wrongly} right ones killed" : "");

        int Of(KillVerdict verdict) => mutants.Count(row => row.Verdict == verdict);
    }
}
