namespace Rnn.Parity.Comparison;

/// <summary>What a comparison established. There is no fourth kind of agreement.</summary>
public enum Evidence
{
    /// <summary>The bits, or the printed digits, are not the same.</summary>
    Differs,

    /// <summary>Every value lies within a derived rounding bound.</summary>
    Certified,

    /// <summary>Nothing rounds in this case, and the bits are the same.</summary>
    Exact,

    /// <summary>The same bits; for published numbers, the same printed digits.</summary>
    Identical,
}
