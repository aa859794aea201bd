namespace Rnn.Parity.Bounds;

/// <summary>A quantity, and for each of its numbers how far the run's can be from it.</summary>
internal sealed record Bounded(Matrix Value, Matrix Bound)
{
    public static Bounded Zero(int rows, int columns) =>
        new(new(new double[rows * columns], rows, columns), new(new double[rows * columns], rows, columns));

    /// <summary>Given numbers, which are the run's own.</summary>
    public static Bounded Given(Matrix value) => new(value, Zero(value.Rows, value.Columns).Bound);

    public static Bounded Join(IReadOnlyList<Bounded> parts, Func<IReadOnlyList<Matrix>, Matrix> join) =>
        new(join([.. parts.Select(part => part.Value)]), join([.. parts.Select(part => part.Bound)]));

    public Bounded Part(int first, int count) => new(Value.Part(first, count), Bound.Part(first, count));

    /// <summary>The greatest that the run's number can be.</summary>
    public double Magnitude(int row, int column) => Math.Abs(Value[row, column]) + Bound[row, column];

    public void Set(int row, int column, double value, double bound)
    {
        Value.Values[row * Value.Columns + column] = value;
        Bound.Values[row * Value.Columns + column] = bound;
    }

    /// <summary>
    /// A V, where A are these numbers and each sum is added up in any order. docs/certified.md, theorem 4.
    /// <para>|A' V' − A V| ≤ |A' − A| |V'| + |A| |V' − V|</para>
    /// </summary>
    public Bounded Times(Bounded V, Rounding rounding)
    {
        var (n, product) = (Value.Columns, Zero(Value.Rows, V.Value.Columns));
        Parallel.For(
            0,
            Value.Rows,
            i =>
            {
                for (var j = 0; j < V.Value.Columns; j++)
                {
                    var (sum, bound, magnitude) = (0.0, 0.0, 0.0);
                    for (var k = 0; k < n; k++)
                    {
                        sum += Value[i, k] * V.Value[k, j];
                        bound += Bound[i, k] * V.Magnitude(k, j) + Math.Abs(Value[i, k]) * V.Bound[k, j];
                        magnitude += Magnitude(i, k) * V.Magnitude(k, j);
                    }
                    product.Set(i, j, sum, bound + rounding.Sum(n, magnitude));
                }
            }
        );
        return product;
    }

    public Bounded Transposed() => new(Value.Transposed(), Bound.Transposed());
}
