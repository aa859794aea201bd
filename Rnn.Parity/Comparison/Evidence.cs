namespace Rnn.Parity.Comparison;

/// <summary>What a comparison established, the weakest first.</summary>
public enum Evidence
{
    /// <summary>The bits, or the printed digits, are not the same; beside bounds, a number lies outside of what rounding explains.</summary>
    Differs,

    /// <summary>Nothing contradicts the equation, and the derived bound is too wide to say that it holds: neither passed nor failed.</summary>
    Undecided,

    /// <summary>Every value lies within a derived rounding bound.</summary>
    Certified,

    /// <summary>Nothing rounds in this case, and the bits are the same.</summary>
    Exact,

    /// <summary>The same bits; for published numbers, the same printed digits.</summary>
    Identical,
}

internal static class EvidenceWords
{
    public static string Word(this Evidence evidence) => evidence.ToString().ToLowerInvariant();
}
