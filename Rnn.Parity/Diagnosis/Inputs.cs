using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>Steps with another input than x_t, and those of the wrong direction.</summary>
internal static class Inputs
{
    public static IEnumerable<Alternative> Of(
        RnnCase c,
        CaseTensors tensors,
        IReadOnlyList<RecordedLayer> layers,
        RecordedLayer layer
    ) =>
        [
            .. OfEveryLayer,
            .. Directions(layer.Reverse),
            .. Exchanged(layers, layer),
            .. Below(layers, layer),
            .. Dropped(c, tensors, layer),
            .. Undropped(c, layers, layer),
        ];

    public static IEnumerable<Alternative> OfEveryLayer =>
        [
            new("the term W_ih x has x_{t−1} for x_t", static (layer, rows) => layer.At(rows, x: Later(layer, -1))),
            new("the term W_ih x has x_{t+1} for x_t", static (layer, rows) => layer.At(rows, x: Later(layer, 1))),
            new(
                "the term W_ih x has x_{t−1} for x_t, and the last x for the first",
                static (layer, rows) => layer.At(rows, x: Around(layer, -1))
            ),
            new(
                "the term W_ih x has x_{t+1} for x_t, and the first x for the last",
                static (layer, rows) => layer.At(rows, x: Around(layer, 1))
            ),
        ];

    // Time runs one way for the inputs, for the states, or for both.
    private static IEnumerable<Alternative> Directions(bool reverse)
    {
        var other = reverse ? "forward" : "in reverse";
        yield return new(
            $"the term W_ih x has its steps read {other}",
            static (layer, rows) => layer.At(rows, x: Mirrored(layer))
        );
        yield return new(
            $"the direction is wrong: it runs {other}",
            static (layer, rows) => layer.At(rows, h: After(layer))
        );
        yield return new(
            "the states are joined in the wrong order of time",
            static (layer, rows) => layer.At(rows, x: Mirrored(layer), h: After(layer))
        );
    }

    // Each direction stands where the other is to stand.
    private static IEnumerable<Alternative> Exchanged(IReadOnlyList<RecordedLayer> layers, RecordedLayer layer) =>
        from other in layers
        where other.Index == layer.Index && other.Reverse != layer.Reverse
        select new Alternative(
            Place.First([other], place => place.IsOutside) is null
                ? "the states are those of the other direction again"
                : "the directions are joined in the wrong order",
            (l, rows) =>
                (
                    l with
                    {
                        W_ih = other.W_ih,
                        W_hh = other.W_hh,
                        B_ih = other.B_ih,
                        B_hh = other.B_hh,
                        H_0 = other.H_0,
                    }
                ).At(rows, h: After(l))
        );

    // A layer above the first reads the directions of the layer below, forward first.
    private static IEnumerable<Alternative> Below(IReadOnlyList<RecordedLayer> layers, RecordedLayer layer)
    {
        for (var k = 0; k < layer.Index; k++)
        {
            var from = layers.First(other => other.Index == k);
            yield return new(
                k == 0
                    ? "the term W_ih x has the input of the stack for the layer below"
                    : $"the term W_ih x has the states of layer {k - 1} for those of the layer below",
                (l, rows) =>
                    from.X.Columns == l.X.Columns
                        ? (l with { X = from.X, XRadius = from.XRadius, XErrors = from.XErrors }).At(rows)
                        : null
            );
        }
        if (layer.Index == 0 || layers.All(other => !other.Reverse))
            yield break;
        yield return new(
            "the term W_ih x has the directions of the layer below in the wrong order",
            static (l, rows) =>
                (
                    l with
                    {
                        X = Swapped(l.X),
                        XRadius = l.XRadius is { } radius ? Swapped(radius) : null,
                        XErrors = l.XErrors is null ? null : [.. l.XErrors.Reverse()],
                    }
                ).At(rows)
        );
    }

    // With the numbers that the run's own seed draws first.
    private static IEnumerable<Alternative> Dropped(RnnCase c, CaseTensors tensors, RecordedLayer layer)
    {
        if (layer.Index > 0 || c.Options.Dropout == 0 || c.Evaluation || c.Lengths is not null)
            yield break;
        yield return new(
            "the term W_ih x has dropout before the first layer",
            (l, rows) =>
            {
                using var scope = NewDisposeScope();
                using var seeded = GlobalGenerator.Seeded(c);
                var dropped = nn.functional.dropout(tensors.Input, c.Options.Dropout, training: true);
                return (l with { X = Matrix.Of(c.TimeFirst(dropped)) }).At(rows);
            }
        );
    }

    // What the layer below puts out, and what is left of it, without the factor 1/(1 − p).
    private static IEnumerable<Alternative> Undropped(
        RnnCase c,
        IReadOnlyList<RecordedLayer> layers,
        RecordedLayer layer
    )
    {
        var below = layers.Where(l => l.Index == layer.Index - 1).ToList();
        if (layer.Mask is null || below.Exists(l => l.States is null))
            yield break;
        yield return new(
            "the term W_ih x has no dropout below it",
            (l, rows) => (l with { X = Matrix.Beside(below.ConvertAll(b => b.States!)), XRadius = null }).At(rows)
        );
        yield return new(
            "the term W_ih x has dropout that is not scaled by 1 / (1 − p)",
            (l, rows) => (l with { X = l.X.Map(x => x * (1 - c.Options.Dropout)) }).At(rows)
        );
    }

    // The row of another step of the sequence; beyond its ends there is zero.
    private static Func<int, int> Later(RecordedLayer layer, int steps) =>
        row => layer.Rows.At(layer.Rows.Time(row).t + steps, layer.Rows.Sequence(row));

    private static Func<int, int> Around(RecordedLayer layer, int steps) =>
        row =>
            layer.Rows.Time(row) is var (t, length)
                ? layer.Rows.At((t + steps + length) % length, layer.Rows.Sequence(row))
                : -1;

    private static Func<int, int> Mirrored(RecordedLayer layer) =>
        row => layer.Rows.Time(row) is var (t, length) ? layer.Rows.At(length - 1 - t, layer.Rows.Sequence(row)) : -1;

    // The state beside a row's on the wrong side of time.
    private static Func<int, int> After(RecordedLayer layer) => row => layer.Rows.Previous(row, !layer.Reverse);

    private static Matrix Swapped(Matrix x) =>
        Matrix.Beside([x.Part(x.Columns / 2, x.Columns / 2), x.Part(0, x.Columns / 2)]);
}
