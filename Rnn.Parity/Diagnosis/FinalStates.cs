using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>A difference in h_n alone.</summary>
internal static class FinalStates
{
    /// <summary>Names the first number of h_n that is not its own, and the step whose state stands in its place; null if all are.</summary>
    /// <param name="layers">Every layer and direction, with its states.</param>
    /// <param name="h_n">(L·D, B, H) by rows.</param>
    /// <param name="named">Whether only a number in whose place another step's state stands counts.</param>
    public static string? Explain(IEnumerable<RecordedLayer> layers, Matrix h_n, bool named = false)
    {
        foreach (var layer in layers)
        {
            var B = layer.Rows.Batch;
            for (var b = 0; b < B; b++)
            {
                var last = layer.Rows.Of(b, layer.Reverse)[^1];
                var found = h_n.Row(layer.Slot * B + b);
                if (found.CommonPrefixLength(layer.States!.Row(last)) is var unit && unit == layer.Size)
                    continue;
                var sentence = FormattableString.Invariant(
                    $"h_n is not the last state: {layer.Name}, row {b}, unit {unit}"
                );
                var row = Array.FindIndex(
                    [.. Enumerable.Range(0, layer.Rows.Count)],
                    r => layer.Rows.Sequence(r) == b && layer.States.Row(r).SequenceEqual(h_n.Row(layer.Slot * B + b))
                );
                if (row < 0 && named)
                    continue;
                return row < 0
                    ? sentence
                    : sentence
                        + FormattableString.Invariant(
                            $": it is the state of step {layer.Rows.Time(row).t}, not of {layer.Rows.Time(last).t}"
                        );
            }
        }
        return null;
    }
}
