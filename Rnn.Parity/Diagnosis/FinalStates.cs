using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>A number of h_n that the last state cannot be.</summary>
internal static class FinalStates
{
    /// <summary>Names the first such number, and the step whose state stands in its place; null if there is none.</summary>
    public static string? Explain(IEnumerable<RecordedLayer> layers, Matrix h_n)
    {
        foreach (var layer in layers)
        foreach (var b in Sequences(layer))
        {
            var unit = Wrong(layer, b, h_n);
            if (unit < 0)
                continue;
            var row = State(layer, b, h_n);
            var stale =
                row < 0
                    ? ""
                    : $": it is the state of step {layer.Rows.Time(row).t}, not of {layer.Rows.Time(Last(layer, b)).t}";
            return $"h_n is not the last state: {layer.Name}, row {b}, unit {unit}{stale}";
        }
        return null;
    }

    /// <summary>
    /// Whether h_n is of a layer's states: each row one of them, or what the last can be, as it is itself. If not, the states
    /// are of another run than h_n.
    /// </summary>
    public static bool IsOf(RecordedLayer layer, Matrix h_n) =>
        Sequences(layer)
            .All(b =>
                State(layer, b, h_n) >= 0
                || (
                    Wrong(layer, b, h_n) < 0
                    && Units(layer).All(i => Enclosure(layer, b, i).Holds(layer.States![Last(layer, b), i]))
                )
            );

    /// <summary>Whether h_n is what the last states of a layer are, or what the equation allows them to be.</summary>
    public static bool IsWithin(RecordedLayer layer, Matrix h_n) => Sequences(layer).All(b => Wrong(layer, b, h_n) < 0);

    // The first unit of which h_n is neither the last state nor what that can be; −1 if there is none.
    private static int Wrong(RecordedLayer layer, int b, Matrix h_n) =>
        Units(layer)
            .FirstOrDefault(
                i =>
                    !Row(layer, b, h_n)[i].Equals(layer.States?[Last(layer, b), i])
                    && !Enclosure(layer, b, i).Holds(Row(layer, b, h_n)[i]),
                -1
            );

    // The row of a state of sequence b with the numbers of h_n; −1 if there is none.
    private static int State(RecordedLayer layer, int b, Matrix h_n) =>
        Enumerable
            .Range(0, layer.Rows.Count)
            .FirstOrDefault(
                r => layer.Rows.Sequence(r) == b && layer.States!.Row(r).SequenceEqual(Row(layer, b, h_n)),
                -1
            );

    private static ReadOnlySpan<double> Row(RecordedLayer layer, int b, Matrix h_n) =>
        h_n.Row(layer.Slot * layer.Rows.Batch + b);

    private static Enclosure Enclosure(RecordedLayer layer, int b, int unit) =>
        layer.Enclosures[Last(layer, b) * layer.Size + unit];

    private static int Last(RecordedLayer layer, int b) => layer.Rows.Of(b, layer.Reverse)[^1];

    private static IEnumerable<int> Sequences(RecordedLayer layer) => Enumerable.Range(0, layer.Rows.Batch);

    private static IEnumerable<int> Units(RecordedLayer layer) => Enumerable.Range(0, layer.Size);
}
