namespace Rnn.Parity.Diagnosis;

/// <summary>The states of two runs of one case, and what the equation allows each of them to be.</summary>
internal sealed record Sides((string name, Run run) Mine, (string name, Run run) Theirs)
{
    /// <summary>Where the two part: the first number that rounding does not explain, or else the first that differs.</summary>
    public Place? Began => Divergence.Parted(Mine.run, Theirs.run) is var (first, outside) ? outside ?? first : null;

    public static Sides Of(RnnFactory mine, RnnFactory reference, RnnCase c, Device device)
    {
        using var scope = NewDisposeScope();
        c = mine.Own.Fit(c) with { SecondOrder = false };
        var tensors = c.Draw();
        return new(Of(mine, c, tensors, device), Of(reference, c, tensors, device));
    }

    public static (string name, Run run) Of(RnnFactory factory, RnnCase c, CaseTensors tensors, Device device)
    {
        using var scope = NewDisposeScope();
        return (factory.Name, new LiveRun(factory, c, tensors, device).Run);
    }
}
