using System.Globalization;
using System.Text;

namespace Rnn.Parity.Comparison;

/// <summary>The message of a difference: which case, how much of what, and the worst element.</summary>
public static class Explanation
{
    /// <summary>Explains the differences of one comparison.</summary>
    /// <param name="title">Who differs from whom, in which case.</param>
    /// <param name="differences">At least one difference, in the order in which they were compared.</param>
    public static string Of(string title, IReadOnlyList<TensorDifference> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        var text = new StringBuilder(title);
        foreach (var difference in differences)
            text.Append(CultureInfo.InvariantCulture, $"\n  {difference.Quantity} {Describe(difference)}");
        return text.ToString();
    }

    private static string Describe(TensorDifference difference)
    {
        if (difference.Mismatch is not null)
            return difference.Mismatch;
        var worst = difference.Worst!;
        return FormattableString.Invariant(
            $"differs in {difference.Count} of {difference.Total} elements, worst at {Place(worst)}: {worst}"
        );
    }

    private static string Place(ElementDifference element) => $"[{string.Join(", ", element.Index)}]";
}
