namespace Rnn.Parity.Reporting;

/// <summary>A check and what it established.</summary>
public sealed record Result(Check Check, Finding Finding)
{
    /// <summary>Whether the finding is what is claimed: a difference proven, or evidence enough.</summary>
    public bool Holds => Finding.Holds && (Check.Section == Section.Difference || Finding.Evidence >= Check.Claim);
}
