using Rnn.Parity.Comparison;
using static TorchSharp.torch;

namespace Rnn.Parity.Divergences;

/// <summary>The values of tensors as float64, which holds every value of every type that an RNN computes in.</summary>
internal static class Values
{
    /// <summary>All elements, row by row.</summary>
    public static double[] Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var format = FloatFormat.Of(tensor.dtype);
        var data = tensor.detach().cpu().contiguous().bytes;
        var values = new double[data.Length / format.Size];
        for (var i = 0; i < values.Length; i++)
            values[i] = format.Value(format.Bits(data, i));
        return values;
    }

    /// <summary>The rows of a matrix.</summary>
    public static double[][] Rows(Tensor matrix) => Cut(Of(matrix), matrix.shape[0]);

    /// <summary>The steps of a sequence (T, B, ·), each the rows of a matrix.</summary>
    public static double[][][] Steps(Tensor sequence) =>
        [.. Cut(Of(sequence), sequence.shape[0]).Select(step => Cut(step, sequence.shape[1]))];

    /// <summary>Whether two values have the same bits: −0 is not 0, and not-a-number is itself.</summary>
    public static bool Same(double a, double b) =>
        BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b));

    /// <summary>The matrix with its rows as columns.</summary>
    public static double[][] Transpose(double[][] matrix) =>
        [.. Enumerable.Range(0, matrix[0].Length).Select(j => matrix.Select(row => row[j]).ToArray())];

    /// <summary>f of every element.</summary>
    public static double[][] Map(double[][] matrix, Func<double, double> f) => [.. matrix.Select(row => Map(row, f))];

    /// <summary>f of every element.</summary>
    public static double[] Map(double[] vector, Func<double, double> f) => Array.ConvertAll(vector, f.Invoke);

    private static double[][] Cut(double[] values, long parts) =>
        parts == 0 ? [] : [.. values.Chunk(Math.Max(1, values.Length / (int)parts))];
}
