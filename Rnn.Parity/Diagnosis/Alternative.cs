using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>Steps other than the equation's, that a run may have taken.</summary>
/// <param name="Words">What they do otherwise.</param>
/// <param name="At">The steps of some rows of a layer; null where it cannot be, since shapes do not fit.</param>
internal sealed record Alternative(string Words, Func<RecordedLayer, IReadOnlyList<int>, Steps?> At)
{
    /// <summary>The limit of what explains one step, where later ones are neither that nor the equation's.</summary>
    public const string Unexplained = ", in this step; what follows is explained neither by that nor by the equation";

    /// <summary>The format that it rounds to, where the words leave it open.</summary>
    public string Format { get; init; } = "";

    /// <summary>Where it is so in one turn alone, or from one on and not before: words to that effect.</summary>
    public string Limit { get; init; } = "";

    public static Alternative Of(string words, Func<Steps, Steps?> change) =>
        new(words, (layer, rows) => change(layer.At(rows)));

    /// <summary>
    /// Those that reproduce every row and unit of a turn of a layer and of every turn after it; if there are none, those
    /// that reproduce the turn, and say so. None where one of them has bounds that hold other functions too.
    /// </summary>
    public static IReadOnlyList<Alternative> Reproducing(IEnumerable<Alternative> list, RecordedLayer layer, int turn)
    {
        var here = list.Where(a => a.Reproduces(layer, turn)).ToList();
        if (!here.TrueForAll(a => a.Explains(layer, turn)))
            return [];
        // what is infinite or not a number says nothing more
        var decided = Enumerable.Range(turn, layer.Turns - turn).TakeWhile(i => IsFinite(layer, i)).ToList();
        var onwards = here.Where(a => decided.All(i => a.Reproduces(layer, i))).ToList();
        // what was so before as well explains more
        if (onwards.Where(a => Enumerable.Range(0, turn).All(i => a.Reproduces(layer, i))).ToList() is [_, ..] always)
            return always;
        if (onwards.Count > 0 && decided.Count > 1)
            return turn > 0 ? onwards.ConvertAll(a => a with { Limit = ", from this step on" }) : onwards;
        var equation = new Alternative("", static (l, rows) => l.At(rows));
        var limit = decided.Skip(1).All(i => equation.Reproduces(layer, i)) ? ", in this step alone" : Unexplained;
        return here.ConvertAll(a => a with { Limit = limit });
    }

    private static bool IsFinite(RecordedLayer layer, int turn) =>
        Array.TrueForAll(layer.States!.Gather(layer.Turn(turn)).Values, double.IsFinite);

    // One that is wider holds other functions too.
    private bool Explains(RecordedLayer layer, int turn)
    {
        var (rows, steps) = (layer.Turn(turn), At(layer, layer.Turn(turn))!);
        // what is rounded to a format lies on its grid
        if (steps.Rounded is not null)
            return true;
        var enclosures = StateBounds.Of(steps);
        return Enumerable
            .Range(0, enclosures.Length)
            .Any(i =>
            {
                var (row, unit) = (rows[i / layer.Size], i % layer.Size);
                var (h, equation) = (layer.States![row, unit], layer.Enclosures[row * layer.Size + unit]);
                return Explains(equation, enclosures[i], h);
            });
    }

    /// <summary>Whether something outside of the equation's bound is explained by another whose own is less than half of the error.</summary>
    public static bool Explains(Enclosure equation, Enclosure own, double h) =>
        !equation.Holds(h) && 2 * own.Bound < equation.Error(h);

    public bool Reproduces(RecordedLayer layer, int turn)
    {
        var rows = layer.Turn(turn);
        return At(layer, rows)?.Reproduce(rows, layer.States!) == true;
    }
}
