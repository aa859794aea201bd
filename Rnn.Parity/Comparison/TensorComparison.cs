namespace Rnn.Parity.Comparison;

/// <summary>Compares tensors bit for bit. There is no tolerance: what is not identical is described.</summary>
public static class TensorComparison
{
    /// <summary>Compares shape, then type, then bits.</summary>
    /// <param name="quantity">What the tensors are called in the message.</param>
    /// <param name="actual">The tensor under test, on any device.</param>
    /// <param name="expected">What it is compared with.</param>
    /// <returns>Null if the two are identical.</returns>
    /// <exception cref="ArgumentException">The tensors are not of a floating-point type.</exception>
    public static TensorDifference? Compare(string quantity, Tensor actual, Tensor expected)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(expected);
        if (Mismatch(actual, expected.shape, expected.dtype) is { } mismatch)
            return new(quantity, mismatch, 0, 0, null);

        using var scope = NewDisposeScope();
        var format = FloatFormat.Of(actual.dtype);
        var left = Contiguous(actual).bytes;
        var right = Contiguous(expected).bytes;
        return left.SequenceEqual(right) ? null : Describe(quantity, format, left, right, actual.shape);
    }

    private static TensorDifference Describe(
        string quantity,
        FloatFormat format,
        ReadOnlySpan<byte> left,
        ReadOnlySpan<byte> right,
        long[] shape
    )
    {
        ElementDifference? worst = null;
        long count = 0;
        var total = left.Length / format.Size;
        for (var i = 0; i < total; i++)
        {
            var (a, b) = (format.Bits(left, i), format.Bits(right, i));
            if (a == b)
                continue;
            count++;
            var difference = new ElementDifference(Index(i, shape), format.Value(a), format.Value(b), format.Ulp(a, b))
            {
                Format = format,
            };
            if (worst is null || difference.Distance > worst.Distance)
                worst = difference;
        }
        return new TensorDifference(quantity, null, count, total, worst);
    }

    /// <summary>What a tensor is, and what is expected instead; null if shape and type are as they should be.</summary>
    internal static string? Mismatch(Tensor actual, long[] shape, ScalarType dtype) =>
        !actual.shape.SequenceEqual(shape) ? $"is {Shape(actual.shape)}, {Shape(shape)} is expected"
        : actual.dtype != dtype ? $"is {actual.dtype}, {dtype} is expected"
        : null;

    internal static string Shape(long[] shape) => $"({string.Join(", ", shape)})";

    private static Tensor Contiguous(Tensor tensor) => tensor.detach().cpu().contiguous();

    /// <summary>The place of an element of a contiguous tensor.</summary>
    internal static long[] Index(long flat, long[] shape)
    {
        var index = new long[shape.Length];
        for (var d = shape.Length - 1; d >= 0; d--)
            (flat, index[d]) = Math.DivRem(flat, shape[d]);
        return index;
    }
}
