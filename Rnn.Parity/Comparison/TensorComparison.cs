using Rnn.Parity.Numerics;
using static TorchSharp.torch;

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
        if (!actual.shape.SequenceEqual(expected.shape))
            return Incomparable(quantity, $"is {Shape(actual)}, {Shape(expected)} is expected");
        if (actual.dtype != expected.dtype)
            return Incomparable(quantity, $"is {actual.dtype}, {expected.dtype} is expected");

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
            var difference = new ElementDifference(Index(i, shape), format.Value(a), format.Value(b), format.Ulp(a, b));
            if (worst is null || difference.Distance > worst.Distance)
                worst = difference;
        }
        return new TensorDifference(quantity, null, count, total, worst);
    }

    private static TensorDifference Incomparable(string quantity, string mismatch) =>
        new(quantity, mismatch, 0, 0, null);

    private static Tensor Contiguous(Tensor tensor) => tensor.detach().cpu().contiguous();

    private static string Shape(Tensor tensor) => $"({string.Join(", ", tensor.shape)})";

    private static long[] Index(long flat, long[] shape)
    {
        var index = new long[shape.Length];
        for (var d = shape.Length - 1; d >= 0; d--)
            (flat, index[d]) = Math.DivRem(flat, shape[d]);
        return index;
    }
}
