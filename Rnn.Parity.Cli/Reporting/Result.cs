namespace Rnn.Parity.Reporting;

internal sealed record Result(Check Check, Finding Finding)
{
    public bool Holds => Finding.Holds && Finding.Evidence >= Check.Claim;

    public bool IsUndecided => !Holds && Finding.Evidence == Evidence.Undecided;

    public bool Fails => !Holds && !IsUndecided;
}
