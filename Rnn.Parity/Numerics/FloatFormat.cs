using System.Globalization;
using System.Runtime.InteropServices;

namespace Rnn.Parity.Numerics;

/// <summary>A floating-point type: what it can hold, its bits, and the distances between its numbers.</summary>
/// <param name="Size">Bytes per element.</param>
/// <param name="SignificantBits">p: every integer up to 2^p is one of its numbers.</param>
/// <param name="Exponent">That of the smallest normal number.</param>
/// <param name="Largest">The largest finite number.</param>
/// <param name="Value">The value that bits stand for; exact, since every format is a subset of binary64.</param>
internal sealed record FloatFormat(
    int Size,
    int SignificantBits,
    int Exponent,
    double Largest,
    Func<long, double> Value
)
{
    private static readonly FloatFormat binary64 = new(8, 53, -1022, double.MaxValue, BitConverter.Int64BitsToDouble);
    private static readonly FloatFormat binary32 = new(4, 24, -126, float.MaxValue, static bits => Binary32(bits));
    private static readonly FloatFormat binary16 = new(2, 11, -14, 65504, static bits => Binary16(bits));
    private static readonly FloatFormat bfloat16 = new(
        2,
        8,
        -126,
        Math.ScaleB(255, 120),
        static b => Binary32(b << 16)
    );

    public static FloatFormat Of(ScalarType dtype) =>
        dtype switch
        {
            ScalarType.Float64 => binary64,
            ScalarType.Float32 => binary32,
            ScalarType.Float16 => binary16,
            ScalarType.BFloat16 => bfloat16,
            _ => throw new ArgumentException($"dtype is {dtype}, a floating-point type is expected"),
        };

    /// <summary>The bits of element i, sign-extended.</summary>
    public long Bits(ReadOnlySpan<byte> data, int i) =>
        Size switch
        {
            8 => MemoryMarshal.Cast<byte, long>(data)[i],
            4 => MemoryMarshal.Cast<byte, int>(data)[i],
            _ => MemoryMarshal.Cast<byte, short>(data)[i],
        };

    /// <summary>How many steps between neighbouring numbers lead from one to the other; null where one is not a number.</summary>
    public ulong? Ulp(long a, long b)
    {
        if (double.IsNaN(Value(a)) || double.IsNaN(Value(b)))
            return null;
        var (low, high) = (Math.Min(Rank(a), Rank(b)), Math.Max(Rank(a), Rank(b)));
        return (ulong)high - (ulong)low;
    }

    /// <summary>The shortest decimal that tells a number of this format from its neighbours.</summary>
    public string Text(double value) =>
        Size < 8 && Math.Abs(value) <= float.MaxValue
            ? ((float)value).ToString(CultureInfo.InvariantCulture)
            : value.ToString(CultureInfo.InvariantCulture);

    // Sign and magnitude to two's complement: −0 and 0 have rank 0, and neighbours have neighbouring ranks.
    private long Rank(long bits) => bits >= 0 ? bits : (-1L << (8 * Size - 1)) - bits;

    private static double Binary32(long bits) => BitConverter.Int32BitsToSingle((int)bits);

    private static double Binary16(long bits) => (double)BitConverter.Int16BitsToHalf((short)bits);
}
