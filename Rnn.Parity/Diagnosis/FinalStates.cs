using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>A number of h_n that the last state cannot be.</summary>
internal static class FinalStates
{
    /// <summary>Names the first such number, and the step whose state stands in its place; null if there is none.</summary>
    /// <param name="layers">Every layer and direction, with its states.</param>
    /// <param name="h_n">(L·D, B, H) by rows.</param>
    public static string? Explain(IEnumerable<RecordedLayer> layers, Matrix h_n)
    {
        foreach (var layer in layers)
            for (var b = 0; b < layer.Rows.Batch; b++)
            {
                var last = layer.Rows.Of(b, layer.Reverse)[^1];
                var found = Row(layer, b, h_n);
                var unit = Enumerable.Range(0, layer.Size).FirstOrDefault(i => !CanBe(layer, last, i, found[i]), -1);
                if (unit < 0)
                    continue;
                var row = State(layer, b, found);
                var stale =
                    row < 0
                        ? ""
                        : $": it is the state of step {layer.Rows.Time(row).t}, not of {layer.Rows.Time(last).t}";
                return $"h_n is not the last state: {layer.Name}, row {b}, unit {unit}{stale}";
            }
        return null;
    }

    /// <summary>
    /// Whether h_n is of a layer's states: each row one of them, or what the last can be, as it is itself. If not, the states
    /// are of another run than h_n.
    /// </summary>
    /// <param name="layer">The layer, with its states.</param>
    /// <param name="h_n">(L·D, B, H) by rows.</param>
    public static bool IsOf(RecordedLayer layer, Matrix h_n) =>
        Enumerable
            .Range(0, layer.Rows.Batch)
            .All(b =>
            {
                var (last, found) = (layer.Rows.Of(b, layer.Reverse)[^1], Row(layer, b, h_n));
                return State(layer, b, found) >= 0
                    || Enumerable
                        .Range(0, layer.Size)
                        .All(i =>
                            layer.Enclosures[last * layer.Size + i] is var e
                            && e.Holds(found[i])
                            && e.Holds(layer.States![last, i])
                        );
            });

    /// <summary>Whether h_n is what the equation allows the last states of a layer to be, whose states are not known.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="h_n">(L·D, B, H) by rows.</param>
    public static bool IsWithin(RecordedLayer layer, Matrix h_n) =>
        Enumerable
            .Range(0, layer.Rows.Batch)
            .All(b =>
                layer.Rows.Of(b, layer.Reverse)[^1] is var last
                && Row(layer, b, h_n) is var found
                && Enumerable.Range(0, layer.Size).All(i => layer.Enclosures[last * layer.Size + i].Holds(found[i]))
            );

    private static double[] Row(RecordedLayer layer, int b, Matrix h_n) =>
        h_n.Row(layer.Slot * layer.Rows.Batch + b).ToArray();

    // The row of a state of sequence b with these numbers; −1 if there is none.
    private static int State(RecordedLayer layer, int b, double[] found) =>
        Enumerable
            .Range(0, layer.Rows.Count)
            .FirstOrDefault(r => layer.Rows.Sequence(r) == b && layer.States!.Row(r).SequenceEqual(found), -1);

    private static bool CanBe(RecordedLayer layer, int row, int unit, double value) =>
        value.Equals(layer.States![row, unit]) || layer.Enclosures[row * layer.Size + unit].Holds(value);
}
