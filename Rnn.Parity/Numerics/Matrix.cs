using System.Runtime.InteropServices;

namespace Rnn.Parity.Numerics;

/// <summary>A matrix of float64, row by row: every value of every type that an RNN computes in is one.</summary>
internal sealed record Matrix(double[] Values, int Rows, int Columns)
{
    public double this[int row, int column] => Values[row * Columns + column];

    public ReadOnlySpan<double> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>A tensor whose last dimension is the columns.</summary>
    public static Matrix Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var values = MemoryMarshal
            .Cast<byte, double>(tensor.detach().cpu().type(ScalarType.Float64).contiguous().bytes)
            .ToArray();
        return new(values, (int)tensor.shape[..^1].Aggregate(1L, static (a, b) => a * b), (int)tensor.shape[^1]);
    }

    /// <summary>Some of the rows; where r is below 0, row −1 − r of another matrix, or zeros if there is none.</summary>
    public Matrix Gather(IReadOnlyList<int> rows, Matrix? other = null)
    {
        var gathered = new double[rows.Count * Columns];
        for (var i = 0; i < rows.Count; i++)
        {
            var row =
                rows[i] >= 0 ? Row(rows[i])
                : other is null ? []
                : other.Row(-1 - rows[i]);
            row.CopyTo(gathered.AsSpan(i * Columns));
        }
        return new(gathered, rows.Count, Columns);
    }

    public Matrix Part(int first, int count)
    {
        var values = new double[Rows * count];
        for (var row = 0; row < Rows; row++)
            Row(row).Slice(first, count).CopyTo(values.AsSpan(row * count));
        return new(values, Rows, count);
    }

    /// <summary>Matrices of equally many columns, one below the other.</summary>
    public static Matrix Stack(IReadOnlyList<Matrix> parts) =>
        new([.. parts.SelectMany(part => part.Values)], parts.Sum(part => part.Rows), parts[0].Columns);

    /// <summary>Matrices of equally many rows, side by side.</summary>
    public static Matrix Beside(IReadOnlyList<Matrix> parts) =>
        Stack([.. parts.Select(part => part.Transposed())]).Transposed();

    public Matrix Map(Func<double, double> f) => this with { Values = Array.ConvertAll(Values, f.Invoke) };

    public Matrix Transposed()
    {
        var values = new double[Values.Length];
        for (var row = 0; row < Rows; row++)
        for (var column = 0; column < Columns; column++)
            values[column * Rows + row] = this[row, column];
        return new(values, Columns, Rows);
    }
}
