using NUnit.Framework;
using Rnn.Parity.Numerics;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Numerics;

/// <summary>The matrices of float64 in which bounds are evaluated.</summary>
[MutationOf("parity")]
public sealed class NumericMatrixTests
{
    [TestCase(6, 2, 3, 2)]
    [TestCase(3, 3, 1)]
    [TestCase(2, 2, 0)]
    [TestCase(6, 2, 3, 0)]
    [TestCase(0, 0, 3)]
    public void The_last_dimension_of_a_tensor_is_the_columns(int rows, params long[] shape)
    {
        using var scope = NewDisposeScope();
        float[] values = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => (float)i)];
        var matrix = Matrix.Of(tensor(values).view(shape));
        (matrix.Rows, matrix.Columns).ShouldBe((rows, (int)shape[^1]));
        matrix.Values.ShouldBe(values.Select(v => (double)v));
    }

    [Test]
    public void Matrices_are_joined_below_and_beside_one_another()
    {
        Matrix a = new([1, 2, 3, 4], 2, 2);
        Matrix b = new([5, 6], 2, 1);
        Is(Matrix.Beside([a, b]), [1, 2, 5, 3, 4, 6], 2, 3);
        Is(Matrix.Beside([a]), a.Values, 2, 2);
        Is(Matrix.Stack([a, new([7, 8], 1, 2)]), [1, 2, 3, 4, 7, 8], 3, 2);
        Is(a.Gather([1, -1, 0], b.Transposed()), [3, 4, 5, 6, 1, 2], 3, 2);
        Is(a.Gather([-1]), [0, 0], 1, 2);
        Is(a.Part(1, 1), [2, 4], 2, 1);

        static void Is(Matrix matrix, double[] values, int rows, int columns)
        {
            matrix.Values.ShouldBe(values);
            (matrix.Rows, matrix.Columns).ShouldBe((rows, columns));
        }
    }
}
