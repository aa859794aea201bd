namespace Rnn.Parity.Bounds;

/// <summary>A quantity, and for each of its numbers how far the run's can be from it.</summary>
/// <param name="Value">The quantity.</param>
/// <param name="Bound">Shaped as it.</param>
internal sealed record Bounded(Matrix Value, Matrix Bound)
{
    /// <summary>Zeros, to be filled.</summary>
    public static Bounded Zero(int rows, int columns) =>
        new(new(new double[rows * columns], rows, columns), new(new double[rows * columns], rows, columns));

    /// <summary>Given numbers, which are the run's own.</summary>
    public static Bounded Given(Matrix value) => new(value, Zero(value.Rows, value.Columns).Bound);

    /// <summary>The greatest that the run's number can be.</summary>
    public double Magnitude(int row, int column) => Math.Abs(Value[row, column]) + Bound[row, column];

    /// <summary>Sets one number.</summary>
    public void Set(int row, int column, double value, double bound)
    {
        Value.Values[row * Value.Columns + column] = value;
        Bound.Values[row * Value.Columns + column] = bound;
    }
}
