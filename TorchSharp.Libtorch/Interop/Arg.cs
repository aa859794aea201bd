using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

// An operator's argument on its way to Op; `Reference` keeps what the value points at from being collected.
// A list is a managed array until Op copies it.
internal readonly struct Arg
{
    public readonly object? Reference;
    public readonly Value Value;

    private Arg(Tag tag, long value, object? reference = null, int extra = 0)
    {
        Reference = reference;
        Value = new Value
        {
            Tag = tag,
            Int = value,
            Extra = extra,
        };
    }

    public static Arg None => default;

    public static Arg Optional(Tensor? tensor) => tensor is null ? None : tensor;

    public static implicit operator Arg(Tensor tensor)
    {
        if (tensor is null)
            throw new ArgumentNullException(nameof(tensor), "A tensor was expected, not null.");
        return new(Tag.Tensor, tensor.Handle, tensor);
    }

    public static implicit operator Arg(long value) => new(Tag.Int, value);

    public static implicit operator Arg(int value) => new(Tag.Int, value);

    public static implicit operator Arg(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Arg(bool value) => new(Tag.Bool, value ? 1 : 0);

    public static implicit operator Arg(Scalar scalar)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        return new(scalar.Tag, scalar.Bits);
    }

    public static implicit operator Arg(ScalarType dtype) => new(Tag.Int, (long)dtype);

    public static implicit operator Arg(ScalarType? dtype) => dtype is { } d ? d : None;

    public static implicit operator Arg(Device? device) =>
        device is null ? None : new(Tag.Device, (long)device.type, extra: device.index);

    public static implicit operator Arg(Generator? generator) =>
        generator is null ? None : new(Tag.Generator, generator.Handle, generator);

    public static implicit operator Arg(string? text) =>
        text is null ? None : new(Tag.Text, 0, Encoding.ASCII.GetBytes(text), text.Length);

    public static implicit operator Arg(long[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(Tag.Ints, 0, values, values.Length);
    }

    public static implicit operator Arg(Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return new(Tag.Tensors, 0, tensors, tensors.Length);
    }
}
