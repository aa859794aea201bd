using Rnn.Parity.Cases;
using Rnn.Parity.Certified;
using static TorchSharp.torch;

namespace Rnn.Parity.Recorded;

/// <summary>Where a run first departs from a recorded one, of which the last layer's states and h_n are known.</summary>
internal static class FirstPlace
{
    /// <summary>The sentence: the lowest layer whose final state differs, if it is not the last one, and the first state of the last.</summary>
    public static string Of(
        RnnCase c,
        IReadOnlyDictionary<string, Tensor> actual,
        IReadOnlyDictionary<string, Tensor> recorded
    )
    {
        if (recorded.Any(q => !q.Value.shape.SequenceEqual(actual.GetValueOrDefault(q.Key)?.shape ?? [])))
            return "they cannot be compared step by step";
        using var scope = NewDisposeScope();
        var below = (int)((c.Options.NumLayers - 1) * c.Options.NumDirections);
        var slots = below + (int)c.Options.NumDirections;
        string?[] places = [FinalState(c, actual, recorded, 0, below), State(c, actual["output"], recorded["output"])];
        if (places.OfType<string>().Any())
            return $"it began at {string.Join(", and in the last layer at ", places.OfType<string>())}";
        return FinalState(c, actual, recorded, below, slots) is { } final
            ? $"output is identical, and h_n is not: {final}"
            : "output and h_n are identical: the difference is in the gradients alone";
    }

    /// <summary>The first number that is no integer, with its place; null if all are.</summary>
    public static string? NoInteger(string name, Tensor tensor)
    {
        var values = Matrix.Of(tensor).Values;
        var at = Array.FindIndex(values, v => !double.IsInteger(v));
        if (at < 0)
            return null;
        var index = new List<long>();
        var rest = (long)at;
        foreach (var size in tensor.shape.Reverse())
        {
            index.Insert(0, rest % size);
            rest /= size;
        }
        return FormattableString.Invariant(
            $"{name}[{string.Join(", ", index)}] is {values[at]:R}, which is no integer"
        );
    }

    // Of the layers and directions from one slot of h_n to another.
    private static string? FinalState(
        RnnCase c,
        IReadOnlyDictionary<string, Tensor> actual,
        IReadOnlyDictionary<string, Tensor> recorded,
        int from,
        int to
    )
    {
        if (!recorded.TryGetValue("h_n", out var h_n))
            return null;
        for (var slot = from; slot < to; slot++)
        {
            var (a, e) = (Matrix.Of(actual["h_n"].select(0, slot)), Matrix.Of(h_n.select(0, slot)));
            var at = Array.FindIndex([.. a.Values.Zip(e.Values)], v => Differ(v.First, v.Second));
            if (at < 0)
                continue;
            var (layer, direction) = Math.DivRem(slot, (int)c.Options.NumDirections);
            var (row, unit) = Math.DivRem(at, a.Columns);
            return Sentence(layer, direction == 1, $"the last step, row {row}", unit, a.Values[at], e.Values[at]);
        }
        return null;
    }

    private static string? State(RnnCase c, Tensor actual, Tensor recorded)
    {
        var rows = new Rows(c);
        var (a, e) = (States(c, actual), States(c, recorded));
        var H = (int)c.Options.HiddenSize;
        foreach (var reverse in c.Options.Bidirectional ? new[] { false, true } : [false])
        {
            // By turns, the steps in the order of computation.
            var sequences = Enumerable.Range(0, rows.Batch).Select(b => rows.Of(b, reverse)).ToList();
            for (var turn = 0; turn < sequences.Max(s => s.Length); turn++)
                foreach (var row in sequences.Where(s => turn < s.Length).Select(s => s[turn]))
                    for (var unit = 0; unit < H; unit++)
                    {
                        var column = reverse ? H + unit : unit;
                        if (Differ(a[row, column], e[row, column]))
                            return Sentence(
                                (int)c.Options.NumLayers - 1,
                                reverse,
                                rows.Name(row),
                                unit,
                                a[row, column],
                                e[row, column]
                            );
                    }
        }
        return null;
    }

    private static Matrix States(RnnCase c, Tensor output) =>
        Matrix.Of(c.Lengths is null ? Recording.TimeFirst(c, output).contiguous() : output);

    private static bool Differ(double a, double b) =>
        BitConverter.DoubleToInt64Bits(a) != BitConverter.DoubleToInt64Bits(b);

    private static string Sentence(int layer, bool reverse, string step, int unit, double a, double b) =>
        FormattableString.Invariant(
            $"layer {layer}, {(reverse ? "reverse" : "forward")}, {step}, unit {unit}: {a:R} against {b:R}"
        );
}
