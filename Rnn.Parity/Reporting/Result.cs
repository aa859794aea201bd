namespace Rnn.Parity.Reporting;

/// <summary>A check and what it established.</summary>
public sealed record Result(Check Check, Finding Finding)
{
    /// <summary>Whether nothing that is claimed fails.</summary>
    public bool Holds => Finding.Holds || !Check.Claimed;
}
