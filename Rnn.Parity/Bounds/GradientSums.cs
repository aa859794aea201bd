namespace Rnn.Parity.Bounds;

/// <summary>The gradients that are sums over the adjoints of a layer. docs/certified.md, theorem 4.</summary>
internal static class GradientSums
{
    /// <summary>Σ over the rows of a_bar vᵀ, (H, K): W_ih_bar for v = x_t, W_hh_bar for v = h_{t−1}.</summary>
    public static Bounded Weight(Bounded a_bar, Bounded v, Rounding rounding)
    {
        var (rows, gradient) = (a_bar.Value.Rows, Bounded.Zero(a_bar.Value.Columns, v.Value.Columns));
        Parallel.For(
            0,
            a_bar.Value.Columns,
            i =>
            {
                for (var j = 0; j < v.Value.Columns; j++)
                {
                    var (sum, bound, magnitude) = (0.0, 0.0, 0.0);
                    for (var row = 0; row < rows; row++)
                    {
                        sum += a_bar.Value[row, i] * v.Value[row, j];
                        // |a' v' − a v| ≤ |a' − a| |v'| + |a| |v' − v|
                        bound +=
                            a_bar.Bound[row, i] * v.Magnitude(row, j) + Math.Abs(a_bar.Value[row, i]) * v.Bound[row, j];
                        magnitude += a_bar.Magnitude(row, i) * v.Magnitude(row, j);
                    }
                    gradient.Set(i, j, sum, bound + rounding.Sum(rows, magnitude));
                }
            }
        );
        return gradient;
    }

    /// <summary>Σ over the rows of a_bar, (1, H): the gradient of either bias.</summary>
    public static Bounded Bias(Bounded a_bar, Rounding rounding)
    {
        var ones = new Matrix([.. Enumerable.Repeat(1.0, a_bar.Value.Rows)], a_bar.Value.Rows, 1);
        var column = Weight(a_bar, Bounded.Given(ones), rounding);
        return new(column.Value.Transposed(), column.Bound.Transposed());
    }

    /// <summary>x_bar = Σ over the directions of W_ihᵀ a_bar, (rows, K).</summary>
    public static Bounded Input(IReadOnlyList<(Matrix W_ih, Bounded a_bar)> directions, Rounding rounding)
    {
        var (rows, K) = (directions[0].a_bar.Value.Rows, directions[0].W_ih.Columns);
        var (terms, gradient) = (directions.Sum(d => d.W_ih.Rows), Bounded.Zero(rows, K));
        Parallel.For(
            0,
            rows,
            row =>
            {
                for (var k = 0; k < K; k++)
                {
                    var (sum, bound, magnitude) = (0.0, 0.0, 0.0);
                    foreach (var (W_ih, a_bar) in directions)
                        for (var i = 0; i < W_ih.Rows; i++)
                        {
                            sum += W_ih[i, k] * a_bar.Value[row, i];
                            bound += Math.Abs(W_ih[i, k]) * a_bar.Bound[row, i];
                            magnitude += Math.Abs(W_ih[i, k]) * a_bar.Magnitude(row, i);
                        }
                    gradient.Set(row, k, sum, bound + rounding.Sum(terms, magnitude));
                }
            }
        );
        return gradient;
    }
}
