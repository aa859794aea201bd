using System.Globalization;

namespace Rnn.Parity.Folders;

/// <summary>
/// Floating-point numbers as decimals that read back to the same bits: the shortest such decimal, or nan, inf, -inf.
/// There is one nan, quiet and positive.
/// </summary>
internal static class DecimalText
{
    private const NumberStyles Number =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    // double.NaN of .NET is negative; those of C, Python and JavaScript are positive.
    private static readonly double nan = BitConverter.UInt64BitsToDouble(0x7FF8000000000000);

    /// <summary>Reads a value of the given type, rounding once; a float32 is exact in the double that is returned.</summary>
    /// <returns>What is wrong with the text; null if nothing is.</returns>
    public static string? Read(string text, ScalarType dtype, out double value)
    {
        value = text switch
        {
            "nan" => nan,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => 0,
        };
        if (value != 0)
            return null;
        // TryParse has names of its own for nan and infinity, and takes NUL at the end.
        if (
            !text.All(c => char.IsAsciiDigit(c) || "+-.eE".Contains(c))
            || !double.TryParse(text, Number, CultureInfo.InvariantCulture, out value)
        )
            return $"value is '{text}', a decimal with a point is expected, or nan, inf or -inf";
        if (dtype == ScalarType.Float32)
            value = float.Parse(text, Number, CultureInfo.InvariantCulture);
        return double.IsInfinity(value) ? $"value is {text}, which overflows {Dtype(dtype)}" : null;
    }

    public static string Dtype(ScalarType dtype) => dtype == ScalarType.Float32 ? "float32" : "float64";
}
