namespace Rnn.Parity.Divergences;

/// <summary>One element of a run's states.</summary>
/// <param name="Pass">Its layer and direction.</param>
/// <param name="Turn">When it was computed, from 0.</param>
/// <param name="Row">The row of the batch.</param>
/// <param name="Unit">The unit.</param>
internal sealed record Place(Pass Pass, int Turn, int Row, int Unit)
{
    /// <summary>Its value.</summary>
    public double Value => Pass.State(Turn)[Row][Unit];

    /// <summary>Whether no order of rounding gives this value from the run's own previous state.</summary>
    public bool IsOutside => !Pass.At(Turn).Evaluate(Row, Unit).Contains(Value);

    /// <summary>The first element of a run that has a property: of the lowest layer, then of the earliest turn.</summary>
    public static Place? First(Trace run, Func<Place, bool> property) =>
        run
            .Passes.GroupBy(pass => pass.Layer)
            .Select(layer => layer.Select(pass => First(pass, property)).OfType<Place>().MinBy(place => place.Turn))
            .FirstOrDefault(place => place is not null);

    /// <summary>Layer, direction, step of the sequence, row and unit.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Pass.Name}, step {Pass.Time(Turn)}, row {Row}, unit {Unit}");

    private static Place? First(Pass pass, Func<Place, bool> property) =>
        Enumerable
            .Range(0, pass.T)
            .Select(turn => Of(pass, turn).AsParallel().AsOrdered().FirstOrDefault(property))
            .FirstOrDefault(place => place is not null);

    private static IEnumerable<Place> Of(Pass pass, int turn) =>
        from row in Enumerable.Range(0, pass.H_0.Length)
        from unit in Enumerable.Range(0, pass.W_hh.Length)
        select new Place(pass, turn, row, unit);
}
