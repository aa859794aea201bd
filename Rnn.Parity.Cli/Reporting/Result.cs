namespace Rnn.Parity.Reporting;

/// <summary>A check and what it established.</summary>
internal sealed record Result(Check Check, Finding Finding)
{
    /// <summary>Whether the finding is what is claimed.</summary>
    public bool Holds => Finding.Holds && Finding.Evidence >= Check.Claim;

    /// <summary>Whether nothing was found that contradicts the claim, and too little to say that it holds.</summary>
    public bool IsUndecided => !Holds && Finding.Evidence == Evidence.Undecided;

    /// <summary>Whether the finding contradicts the claim.</summary>
    public bool Fails => !Holds && !IsUndecided;
}
