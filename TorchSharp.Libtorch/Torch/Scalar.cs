using TorchSharp.Interop;

namespace TorchSharp;

public sealed class Scalar : IDisposable
{
    private Scalar(Tag tag, long bits)
    {
        Tag = tag;
        Bits = bits;
    }

    internal Scalar(in Value value)
        : this(value.Tag, value.Int) { }

    public torch.ScalarType Type =>
        Tag switch
        {
            Tag.Double => torch.ScalarType.Float64,
            Tag.Bool => torch.ScalarType.Bool,
            _ => torch.ScalarType.Int64,
        };

    internal Tag Tag { get; }

    internal long Bits { get; }

    internal double AsDouble => Tag == Tag.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal long AsInt64 => Tag == Tag.Double ? checked((long)AsDouble) : Bits;

    public static implicit operator Scalar(byte value) => new(Tag.Int, value);

    public static implicit operator Scalar(sbyte value) => new(Tag.Int, value);

    public static implicit operator Scalar(short value) => new(Tag.Int, value);

    public static implicit operator Scalar(int value) => new(Tag.Int, value);

    public static implicit operator Scalar(long value) => new(Tag.Int, value);

    public static implicit operator Scalar(float value) => (double)value;

    public static implicit operator Scalar(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Scalar(bool value) => new(Tag.Bool, value ? 1 : 0);

    public void Dispose() { }
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;

    public static Scalar ToScalar(this sbyte value) => value;

    public static Scalar ToScalar(this short value) => value;

    public static Scalar ToScalar(this int value) => value;

    public static Scalar ToScalar(this long value) => value;

    public static Scalar ToScalar(this float value) => value;

    public static Scalar ToScalar(this double value) => value;

    public static Scalar ToScalar(this bool value) => value;

    public static float ToSingle(this Scalar value) => (float)Check.NotNull(value).AsDouble;

    public static double ToDouble(this Scalar value) => Check.NotNull(value).AsDouble;

    public static byte ToByte(this Scalar value) => checked((byte)Check.NotNull(value).AsInt64);

    public static sbyte ToSByte(this Scalar value) => checked((sbyte)Check.NotNull(value).AsInt64);

    public static short ToInt16(this Scalar value) => checked((short)Check.NotNull(value).AsInt64);

    public static int ToInt32(this Scalar value) => checked((int)Check.NotNull(value).AsInt64);

    public static long ToInt64(this Scalar value) => Check.NotNull(value).AsInt64;

    public static bool ToBoolean(this Scalar value) => Check.NotNull(value).AsDouble != 0;
}
