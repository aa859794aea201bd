using System.Globalization;

namespace Rnn.Parity.Cases;

/// <summary>The id of a generated case: a letter, the seed, a dash, and its number in four digits, as in m1-0042.</summary>
internal static class CaseId
{
    public static string Of(char letter, int seed, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{letter}{seed}-{number:D4}");

    /// <summary>Seed and number, or null if the id is not of this form or the number not below the count.</summary>
    public static (int seed, int number)? Parse(char letter, string id, int count)
    {
        ArgumentNullException.ThrowIfNull(id);
        var parts = id.StartsWith(letter) ? id[1..].Split('-') : [];
        return
            parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < count
            && Of(letter, seed, number) == id
            ? (seed, number)
            : null;
    }
}
