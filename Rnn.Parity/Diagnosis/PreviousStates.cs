using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>Steps with another state than h_{t−1}.</summary>
internal static class PreviousStates
{
    /// <summary>Every other state that a layer can have taken.</summary>
    /// <param name="others">The other layers and directions of the run.</param>
    public static IEnumerable<Alternative> Of(IReadOnlyList<RecordedLayer> others) =>
        [
            new(
                "the term W_hh h has zero for h_0",
                static (layer, rows) => WithH_0(layer, rows, layer.H_0.Map(_ => 0))
            ),
            new(
                "the term W_hh h has h_{t−2} for h_{t−1}",
                static (layer, rows) =>
                    layer.At(
                        rows,
                        h: row =>
                            layer.Previous(row) is >= 0 and var before ? layer.Previous(before) : layer.Previous(row)
                    )
            ),
            new(
                "the term W_hh h has h_0 for h_{t−1}",
                static (layer, rows) => layer.At(rows, h: row => -1 - layer.Rows.Sequence(row))
            ),
            new(
                "the term W_hh h has the state of the row before",
                static (layer, rows) => layer.At(rows, h: row => layer.Previous(RowBefore(layer, row)))
            ),
            .. others.Select(other => new Alternative(
                $"the term W_hh h has the h_0 of {other.Name}",
                (layer, rows) => WithH_0(layer, rows, other.H_0)
            )),
        ];

    private static Steps WithH_0(RecordedLayer layer, IReadOnlyList<int> rows, Matrix h_0) =>
        (layer with { H_0 = h_0 }).At(rows);

    private static int RowBefore(RecordedLayer layer, int row)
    {
        var (t, b, B) = (layer.Rows.Time(row).t, layer.Rows.Sequence(row), layer.Rows.Batch);
        return layer.Rows.At(t, (b - 1 + B) % B) is >= 0 and var before ? before : row;
    }
}
