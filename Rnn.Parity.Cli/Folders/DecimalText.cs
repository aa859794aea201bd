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
    /// <param name="text">A decimal with a point.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="value">The value.</param>
    /// <returns>What is wrong with the text; null if nothing is.</returns>
    public static string? Read(string text, ScalarType dtype, out double value)
    {
        double? read = text switch
        {
            "nan" => nan,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            // TryParse knows names of its own for nan and infinity.
            _ when !text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E') => null,
            _ when dtype == ScalarType.Float32 => float.TryParse(
                text,
                Number,
                CultureInfo.InvariantCulture,
                out var single
            )
                ? single
                : null,
            _ => double.TryParse(text, Number, CultureInfo.InvariantCulture, out var number) ? number : null,
        };
        value = read ?? 0;
        return read is null ? $"value is '{text}', a decimal with a point is expected, or nan, inf or -inf"
            : double.IsInfinity(value) && text is not ("inf" or "-inf")
                ? $"value is {text}, which overflows {Dtype(dtype)}"
            : null;
    }

    /// <summary>PyTorch's name of a type.</summary>
    public static string Dtype(ScalarType dtype) => dtype == ScalarType.Float32 ? "float32" : "float64";
}
