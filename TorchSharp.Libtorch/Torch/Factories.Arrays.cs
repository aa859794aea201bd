using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    // An array of any rank; the tensor has its shape.
    public static Tensor from_array(
        Array rawArray,
        ScalarType? dtype,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    )
    {
        ArgumentNullException.ThrowIfNull(rawArray);
        var (type, size) = Element(rawArray.GetType().GetElementType()!);
        long[] shape = [.. Enumerable.Range(0, rawArray.Rank).Select(rawArray.GetLongLength)];
        var bytes = MemoryMarshal.CreateReadOnlySpan(
            ref MemoryMarshal.GetArrayDataReference(rawArray),
            checked(rawArray.Length * size)
        );
        return FromBytes(bytes, type, shape, dtype, device, requires_grad, names);
    }

    private static (ScalarType Type, int Size) Element(Type type) =>
        Type.GetTypeCode(type) switch
        {
            TypeCode.Byte => (ScalarType.Byte, 1),
            TypeCode.SByte => (ScalarType.Int8, 1),
            TypeCode.Int16 => (ScalarType.Int16, 2),
            TypeCode.Int32 => (ScalarType.Int32, 4),
            TypeCode.Int64 => (ScalarType.Int64, 8),
            TypeCode.Single => (ScalarType.Float32, 4),
            TypeCode.Double => (ScalarType.Float64, 8),
            TypeCode.Boolean => (ScalarType.Bool, 1),
            _ => throw new NotSupportedException($"A tensor cannot be made from an array of {type.Name}."),
        };
}
