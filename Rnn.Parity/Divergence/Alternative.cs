namespace Rnn.Parity.Divergences;

/// <summary>A step other than the equation's, that a run may have taken.</summary>
/// <param name="Words">What it does otherwise.</param>
/// <param name="At">The step of turn i of a pass; null where it cannot be, since shapes do not fit.</param>
internal sealed record Alternative(string Words, Func<Pass, int, Step?> At)
{
    /// <summary>The format that it rounds to, where the words leave it open.</summary>
    public string Format { get; init; } = "";

    /// <summary>One that changes the equation's step.</summary>
    public static Alternative Of(string words, Func<Step, Step?> change) => new(words, (pass, i) => change(pass.At(i)));

    /// <summary>
    /// Those that reproduce every row and unit of turn i and, if there are such, of every turn after it.
    /// </summary>
    public static IReadOnlyList<Alternative> Reproducing(IEnumerable<Alternative> list, Pass pass, int i)
    {
        var here = list.Where(alternative => alternative.Reproduces(pass, i)).ToList();
        var onwards = here.Where(a => Enumerable.Range(i, pass.T - i).All(turn => a.Reproduces(pass, turn))).ToList();
        return onwards.Count > 0 ? onwards : here;
    }

    private bool Reproduces(Pass pass, int i) => At(pass, i)?.Reproduces(pass.State(i)) == true;
}
