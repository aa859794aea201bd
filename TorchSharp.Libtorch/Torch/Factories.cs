using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

// What all factories share.
public static partial class torch
{
    public static ScalarType get_default_dtype() => ScalarType.Float32;

    private static Tensor Create(
        Op op,
        ReadOnlySpan<Arg> first,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names = null
    )
    {
        if (names is { Length: > 0 })
            throw new NotSupportedException("TorchSharp.Libtorch has no named dimensions: names must be null.");
        if (device is not null)
            InitializeDeviceType(device.type);
        Arg layout = Arg.None,
            pinned = Arg.None;
        Arg[] args = [.. first, dtype, layout, device, pinned];
        var tensor = op == Aten.Empty ? op.Call([.. args, Arg.None]) : op.Call(args);
        return requires_grad ? tensor.requires_grad_() : tensor;
    }

    private static Tensor FromArray<T>(
        T[] values,
        ScalarType type,
        long[] shape,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names = null
    )
        where T : unmanaged
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        if (count > values.LongLength)
            throw new ArgumentException(
                $"mismatched total size creating a tensor from an array: {count} vs. {values.LongLength}"
            );
        var bytes = MemoryMarshal.AsBytes(values.AsSpan(0, (int)count));
        return FromBytes(bytes, type, shape, dtype, device, requires_grad, names);
    }

    private static unsafe Tensor FromBytes(
        ReadOnlySpan<byte> bytes,
        ScalarType type,
        long[] shape,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names
    )
    {
        var tensor = Create(Aten.Empty, [shape], type, null, false, names);
        bytes.CopyTo(new Span<byte>(tensor.Info().Data, bytes.Length));
        return Moved(tensor, dtype, device, requires_grad);
    }

    private static Tensor FromScalar(Scalar value, ScalarType dtype, Device? device, bool requires_grad) =>
        Create(Aten.Full, [Array.Empty<long>(), value], dtype, device, requires_grad);

    // The tensor itself, or a copy of another type or on another device in its place.
    private static Tensor Moved(Tensor tensor, ScalarType? dtype, Device? device, bool requires_grad)
    {
        if (dtype is { } type && type != tensor.dtype)
            tensor = Replaced(tensor, t => t.type(type));
        if (device is not null && device.type != DeviceType.CPU)
        {
            InitializeDeviceType(device.type);
            tensor = Replaced(tensor, t => Aten.ToDevice.Call(t, device, t.dtype, false, false, Arg.None));
        }
        return requires_grad ? tensor.requires_grad_() : tensor;
    }

    private static Tensor Replaced(Tensor tensor, Func<Tensor, Tensor> change)
    {
        using (tensor)
            return change(tensor);
    }
}
