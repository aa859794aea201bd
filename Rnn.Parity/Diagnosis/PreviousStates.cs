using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>Steps with another state than h_{t−1}.</summary>
internal static class PreviousStates
{
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

    /// <summary>h is overwritten while W_hh h is added up, so that a unit reads h_t of the units that were computed before it.</summary>
    public static IEnumerable<Alternative> Overwritten =>
        [
            new(
                "h is overwritten while it is read: a unit has h_t of the units before it in W_hh h",
                static (layer, rows) => WithNew(layer, rows, static (unit, other) => other < unit)
            ),
            new(
                "h is overwritten while it is read: a unit has h_t of the units after it in W_hh h",
                static (layer, rows) => WithNew(layer, rows, static (unit, other) => other > unit)
            ),
        ];

    /// <summary>What is put out is z_t, and what is carried on φ(z_t).</summary>
    public static Alternative BeforeNonlinearity =>
        Alternative.Of(
            "the output is taken before the nonlinearity",
            static s =>
            {
                var (h, radius) = (s.H.Map(z => z), s.H.Map(_ => 0));
                for (var i = 0; i < h.Values.Length; i++)
                    if (s.HRows[i / s.Size] >= 0)
                    {
                        var φ = s.Φ.Exact(h.Values[i]);
                        (h.Values[i], radius.Values[i]) = (φ.High, StateBounds.Own(s, φ, 0) + Math.Abs(φ.Low));
                    }
                return Near(s, h, radius) with { Φ = Nonlinearity.None };
            }
        );

    /// <summary>The same steps from states that are known up to a radius.</summary>
    public static Steps Near(Steps s, Matrix h, Matrix radius) =>
        With(s, s.W_hh, h, radius) with
        {
            W_hh = s.W_hh.Map(_ => 0),
        };

    // W h beside the other terms, where h is known up to a radius: h stands beside x_t, and W beside W_ih
    private static Steps With(Steps s, Matrix W, Matrix h, Matrix radius) =>
        s with
        {
            X = Matrix.Beside([s.X, h]),
            XRadius = Matrix.Beside([s.XRadius ?? s.X.Map(_ => 0), radius]),
            XErrors = null,
            W_ih = Matrix.Beside([s.W_ih, W]),
        };

    // W_ih x_t + N h_t + (W_hh − N) h_{t−1}, N what W_hh multiplies with the new states
    private static Steps WithNew(RecordedLayer layer, IReadOnlyList<int> rows, Func<int, int, bool> isNew)
    {
        var (s, h_t, H) = (layer.At(rows), layer.States!.Gather(rows), layer.Size);
        return With(s, Part(true), h_t, h_t.Map(_ => 0)) with { W_hh = Part(false) };

        Matrix Part(bool ofNew) =>
            s.W_hh with
            {
                Values = [.. s.W_hh.Values.Select((w, i) => isNew(i / H, i % H) == ofNew ? w : 0)],
            };
    }

    private static Steps WithH_0(RecordedLayer layer, IReadOnlyList<int> rows, Matrix h_0) =>
        (layer with { H_0 = h_0 }).At(rows);

    private static int RowBefore(RecordedLayer layer, int row)
    {
        var (t, b, B) = (layer.Rows.Time(row).t, layer.Rows.Sequence(row), layer.Rows.Batch);
        return layer.Rows.At(t, (b - 1 + B) % B) is >= 0 and var before ? before : row;
    }
}
