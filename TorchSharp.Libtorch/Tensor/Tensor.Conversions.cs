using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static explicit operator float(Tensor value) => value.ToSingle();

        public static explicit operator double(Tensor value) => value.ToDouble();

        public static explicit operator sbyte(Tensor value) => value.ToSByte();

        public static explicit operator byte(Tensor value) => value.ToByte();

        public static explicit operator short(Tensor value) => value.ToInt16();

        public static explicit operator int(Tensor value) => value.ToInt32();

        public static explicit operator long(Tensor value) => value.ToInt64();

        public static explicit operator bool(Tensor value) => value.ToBoolean();

        // Never to be used: that it exists makes the compiler prefer the operators that take a Scalar in `tensor * 2`.
        public static implicit operator Tensor(Scalar scalar) =>
            throw new InvalidOperationException(
                "A Scalar does not become a tensor by itself: use torch.tensor(value)."
            );

        public static implicit operator Tensor(long value) => tensor(value);

        public static implicit operator Tensor(float value) => tensor(value);

        public static implicit operator Tensor(double value) => tensor(value);

        public static implicit operator Tensor(long[] value) => tensor(value);

        public static implicit operator Tensor(float[] value) => tensor(value);

        public static implicit operator Tensor(double[] value) => tensor(value);

        public Scalar ToScalar() => new(Aten.Item.CallValue(this));

        public Tensor cpu() => Aten.ToDevice.Call(this, CPU, dtype, false, false, Arg.None);

        public Tensor type(ScalarType dtype) => Aten.ToDtype.Call(this, dtype, false, false, Arg.None);

        public Tensor type(Func<Tensor, Tensor> typeFunc) => Check.NotNull(typeFunc)(this);

        public Tensor type_as(Tensor tensor) => type(Check.NotNull(tensor).dtype);

        public Tensor @bool() => type(ScalarType.Bool);

        public Tensor @byte() => type(ScalarType.Byte);

        public Tensor @char() => type(ScalarType.Int8);

        public Tensor @double() => type(ScalarType.Float64);

        public Tensor @float() => type(ScalarType.Float32);

        public Tensor @int() => type(ScalarType.Int32);

        public Tensor @long() => type(ScalarType.Int64);
    }
}

public static class TensorExtensionMethods
{
    public static bool ToBoolean(this torch.Tensor value) => Check.NotNull(value).ToScalar().ToBoolean();

    public static byte ToByte(this torch.Tensor value) => Check.NotNull(value).ToScalar().ToByte();

    public static sbyte ToSByte(this torch.Tensor value) => Check.NotNull(value).ToScalar().ToSByte();

    public static short ToInt16(this torch.Tensor value) => Check.NotNull(value).ToScalar().ToInt16();

    public static int ToInt32(this torch.Tensor value) => Check.NotNull(value).ToScalar().ToInt32();

    public static long ToInt64(this torch.Tensor value) => Check.NotNull(value).ToScalar().ToInt64();

    public static float ToSingle(this torch.Tensor value) => Check.NotNull(value).ToScalar().ToSingle();

    public static double ToDouble(this torch.Tensor value) => Check.NotNull(value).ToScalar().ToDouble();

    public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor);
}
