using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>One number of a run's states.</summary>
internal sealed record Place(RecordedLayer Layer, int Turn, int Row, int Unit)
{
    public double Value => Layer.States![Row, Unit];

    public Enclosure Enclosure => Layer.Enclosures[Row * Layer.Size + Unit];

    /// <summary>Whether no order of rounding gives this value from the run's own previous state.</summary>
    public bool IsOutside
    {
        get
        {
            var e = Enclosure;
            if (double.IsFinite(e.Bound))
                return !e.Holds(Value);
            // an infinite or undefined sum is no number in any order
            return !double.IsFinite(e.Value.High) && double.IsFinite(Value);
        }
    }

    /// <summary>The first number of a run that has a property: of the lowest layer, then of the earliest turn.</summary>
    public static Place? First(IEnumerable<RecordedLayer> layers, Func<Place, bool> property) =>
        layers
            .GroupBy(layer => layer.Index)
            .Select(group => group.Select(layer => First(layer, property)).OfType<Place>().MinBy(place => place.Turn))
            .FirstOrDefault(place => place is not null);

    public static Place? First(RecordedLayer layer, Func<Place, bool> property) =>
        (
            from turn in Enumerable.Range(0, layer.Turns)
            from row in layer.Turn(turn)
            from unit in Enumerable.Range(0, layer.Size)
            select new Place(layer, turn, row, unit)
        ).FirstOrDefault(property);

    public override string ToString() =>
        FormattableString.Invariant($"{Layer.Name}, {Layer.Rows.Name(Row)}, unit {Unit}");
}
