namespace Rnn.Parity.Divergences;

/// <summary>A difference in h_n alone.</summary>
internal static class FinalStates
{
    /// <summary>Names the first element of h_n that differs, and the step whose state stands in its place; null if none does.</summary>
    public static string? Explain(Trace actual, Trace expected)
    {
        var (ours, theirs) = (Values.Steps(actual.H_n), Values.Steps(expected.H_n));
        foreach (var pass in actual.Passes)
        {
            var wrong = (
                from row in Enumerable.Range(0, ours[pass.Slot].Length)
                from unit in Enumerable.Range(0, ours[pass.Slot][row].Length)
                where !Values.Same(ours[pass.Slot][row][unit], theirs[pass.Slot][row][unit])
                select FormattableString.Invariant($"row {row}, unit {unit}")
            ).FirstOrDefault();
            if (wrong is not null)
                return $"every state is identical, and h_n is not: {pass.Name}, {wrong}{Instead(pass, ours[pass.Slot])}";
        }
        return null;
    }

    private static string Instead(Pass pass, double[][] h_n)
    {
        var t = Array.FindIndex(pass.States, state => Same(state, h_n));
        return t < 0
            ? ""
            : FormattableString.Invariant($": it is the state of step {t}, not of {pass.Time(pass.T - 1)}");
    }

    private static bool Same(double[][] a, double[][] b) =>
        a.Zip(b).All(rows => rows.First.Zip(rows.Second).All(v => Values.Same(v.First, v.Second)));
}
