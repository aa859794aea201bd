using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>What a first difference is: another order of rounding, lower precision, or another function.</summary>
internal static class Meaning
{
    /// <summary>Of a value that no order of rounding can give.</summary>
    public static string Outside(Run run, Place place)
    {
        if (Named(run, place) is { } named)
            return named;
        var (h, e, format) = (place.Value, place.Enclosure, FloatFormat.Of(run.Case.Dtype));
        var expected = format.Text(e.Value.High);
        if (double.IsNaN(h))
            return $"not a number, where {expected} is expected: something overflows, or is divided by 0";
        if (!double.IsFinite(e.Bound))
            return $"another function: {format.Text(h)}, where the equation's sum is infinite or not a number";
        var dropped = run.Case.Drops
            ? "; or it drops other numbers than nn.RNN does, which are those of functional.dropout of each layer's contiguous output in turn"
            : "";
        var name = Listed(run, place).Any(mistake => mistake.Reproduces(place.Layer, place.Turn))
            ? "whose name these bounds are too wide to tell"
            : "by no mistake that is on the list";
        return FormattableString.Invariant(
                $"another function, {name}: {format.Text(h)} against {expected}, where rounding is at most {e.Bound:G2}"
            ) + dropped;
    }

    /// <summary>The precision or the mistakes that reproduce the states from a place on; null if none on the list does.</summary>
    public static string? Named(Run run, Place place)
    {
        // TF32 and float16 have equally many bits: where no value is too large or too small for float16, both fit.
        var precision = Alternative
            .Reproducing(LowerPrecision.Of(run.Case.Dtype, place.Layer.States!), place.Layer, place.Turn)
            .Where(lower => lower.Limit != Alternative.Unexplained)
            .GroupBy(lower => (lower.Words, lower.Limit), lower => lower.Format)
            .FirstOrDefault();
        if (precision is { Key: var (lower, when) })
            return $"lower precision: {$"{lower} {string.Join(" or ", precision.Distinct())}".TrimEnd()}{when}";
        var words = Alternative
            .Reproducing(Listed(run, place), place.Layer, place.Turn)
            .Select(m => m.Words + m.Limit)
            .Distinct()
            .ToList();
        return words.Count > 0 ? $"{string.Join(", or ", words)}: another function" : null;
    }

    private static IReadOnlyList<Alternative> Listed(Run run, Place place) =>
        Mistakes.Of(run.Case, run.Tensors, run.Layers, place.Layer);

    /// <summary>Of a layer whose values rounding can explain.</summary>
    public static string Within(Trace run, RecordedLayer layer) =>
        Order(run, layer)
        ?? "within the bound of rounding, by no order that is on the list: indistinguishable from rounding";

    /// <summary>The order of rounding that has a layer's bits; null if none on the list has, as of a layer that is wrong later on.</summary>
    public static string? Order(Trace run, RecordedLayer layer) =>
        Orders.Name(run, layer) is { } order ? $"the same function in another order of rounding: {order}" : null;
}
