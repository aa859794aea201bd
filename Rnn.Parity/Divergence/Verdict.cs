using System.Globalization;

namespace Rnn.Parity.Divergences;

/// <summary>What a first difference is: another order of rounding, lower precision, or another function.</summary>
internal static class Verdict
{
    /// <summary>Of a value that no order of rounding can give.</summary>
    public static string Outside(Place place)
    {
        if (Precision(place) is { } precision)
            return precision;
        var mistakes = Alternative
            .Reproducing(OtherFunctions.Of(place.Pass), place.Pass, place.Turn)
            .Select(mistake => mistake.Words)
            .Distinct()
            .ToList();
        return mistakes.Count > 0
            ? $"{string.Join(", or ", mistakes)}: another function"
            : $"another function, by no mistake that is on the list: {Sizes(place)}";
    }

    /// <summary>Of a pass whose values rounding can explain.</summary>
    public static string Within(Pass pass)
    {
        var order = Orders.Name(pass);
        return order is not null ? $"the same function in another order of rounding: {order}"
            : pass.At(0).IsBounded
                ? "within the bound of rounding, by no order that is on the list: not to be told from rounding"
            : $"no order that is on the list, and a sum of so many terms in {pass.Input.dtype} has no bound";
    }

    // TF32 and float16 have equally many bits: where no value is too large or too small for float16, both fit.
    private static string? Precision(Place place)
    {
        var fitting = Alternative.Reproducing(LowerPrecision.Of(place.Pass.Input.dtype), place.Pass, place.Turn);
        return fitting
            .GroupBy(lower => lower.Words, lower => lower.Format)
            .Select(least => $"lower precision: {least.Key} {string.Join(" or ", least.Distinct())}".TrimEnd())
            .FirstOrDefault();
    }

    private static string Sizes(Place place)
    {
        var exact = place.Pass.At(place.Turn).Evaluate(place.Row, place.Unit);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{place.Value:R} against {exact.Middle:G9}, where rounding is at most {exact.Radius:G2}"
        );
    }
}
