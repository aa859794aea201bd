using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Rnn.Parity.Comparison;

/// <summary>Reads the bits of a floating-point type: its values and the distances between them.</summary>
internal abstract class FloatFormat
{
    /// <summary>The format of a type.</summary>
    public static FloatFormat Of(ScalarType dtype) =>
        dtype switch
        {
            ScalarType.Float64 => new Binary64(),
            ScalarType.Float32 => new Binary32(),
            ScalarType.Float16 => new Binary16(),
            ScalarType.BFloat16 => new BFloat16(),
            _ => throw new ArgumentException($"dtype is {dtype}, a floating-point type is expected"),
        };

    /// <summary>Bytes per element.</summary>
    public abstract int Size { get; }

    /// <summary>The bits of element i, sign-extended.</summary>
    public abstract long Bits(ReadOnlySpan<byte> data, int i);

    /// <summary>The value that the bits stand for; exact, since every format is a subset of binary64.</summary>
    public abstract double Value(long bits);

    /// <summary>How many steps between neighbouring numbers lead from one to the other; null where one is not a number.</summary>
    public ulong? Ulp(long a, long b)
    {
        if (double.IsNaN(Value(a)) || double.IsNaN(Value(b)))
            return null;
        var (low, high) = (Math.Min(Rank(a), Rank(b)), Math.Max(Rank(a), Rank(b)));
        return (ulong)high - (ulong)low;
    }

    // Sign and magnitude to two's complement: −0 and 0 have rank 0, and neighbours have neighbouring ranks.
    private long Rank(long bits) => bits >= 0 ? bits : (-1L << (8 * Size - 1)) - bits;

    private sealed class Binary64 : FloatFormat
    {
        public override int Size => 8;

        public override long Bits(ReadOnlySpan<byte> data, int i) => MemoryMarshal.Cast<byte, long>(data)[i];

        public override double Value(long bits) => BitConverter.Int64BitsToDouble(bits);
    }

    private sealed class Binary32 : FloatFormat
    {
        public override int Size => 4;

        public override long Bits(ReadOnlySpan<byte> data, int i) => MemoryMarshal.Cast<byte, int>(data)[i];

        public override double Value(long bits) => BitConverter.Int32BitsToSingle((int)bits);
    }

    private sealed class Binary16 : FloatFormat
    {
        public override int Size => 2;

        public override long Bits(ReadOnlySpan<byte> data, int i) => MemoryMarshal.Cast<byte, short>(data)[i];

        public override double Value(long bits) => (double)BitConverter.Int16BitsToHalf((short)bits);
    }

    private sealed class BFloat16 : FloatFormat
    {
        public override int Size => 2;

        public override long Bits(ReadOnlySpan<byte> data, int i) => MemoryMarshal.Cast<byte, short>(data)[i];

        public override double Value(long bits) => BitConverter.Int32BitsToSingle((int)bits << 16);
    }
}
