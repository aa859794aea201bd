using System.Numerics;

namespace Rnn.Parity.Numerics;

/// <summary>Σ_k w_k x_k for every row x of one matrix and every row w of another: nearly exact, and Σ_k |w_k x_k|.</summary>
/// <remarks>
/// Ogita, Rump and Oishi, Accurate Sum and Dot Product (2005), algorithm 5.3, Dot2: the sum High + Low is off by at most
/// γ_n² Σ|w_k x_k| for n products, γ_n that of float64 (their proposition 5.5), and n smallest numbers for what underflows.
/// </remarks>
internal sealed class Products
{
    private readonly Matrix high;
    private readonly Matrix low;
    private readonly Matrix magnitude;

    /// <summary>Multiplies X (rows, K) by Wᵀ (K, units).</summary>
    public Products(Matrix X, Matrix transposed)
    {
        Matrix Empty() => new(new double[X.Rows * transposed.Columns], X.Rows, transposed.Columns);
        (high, low, magnitude) = (Empty(), Empty(), Empty());
        Parallel.For(0, X.Rows, row => Fill(row, X.Row(row), transposed));
    }

    public (DoubleDouble sum, double magnitude) this[int row, int unit] =>
        (DoubleDouble.Sum(high[row, unit], low[row, unit]), magnitude[row, unit]);

    // Several units at once, one in each lane.
    private void Fill(int row, ReadOnlySpan<double> x, Matrix columns)
    {
        var lanes = Vector<double>.Count;
        var (units, first) = (columns.Columns, row * columns.Columns);
        var unit = 0;
        for (; unit <= units - lanes; unit += lanes)
        {
            var (h, l, m) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            for (var k = 0; k < x.Length; k++)
                Add(
                    ref h,
                    ref l,
                    ref m,
                    new Vector<double>(x[k]),
                    new Vector<double>(columns.Values, k * units + unit)
                );
            h.CopyTo(high.Values, first + unit);
            l.CopyTo(low.Values, first + unit);
            m.CopyTo(magnitude.Values, first + unit);
        }
        for (; unit < units; unit++)
        {
            var (h, l, m) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            for (var k = 0; k < x.Length; k++)
                Add(ref h, ref l, ref m, new Vector<double>(x[k]), new Vector<double>(columns[k, unit]));
            (high.Values[first + unit], low.Values[first + unit], magnitude.Values[first + unit]) = (h[0], l[0], m[0]);
        }
    }

    // TwoProduct by a fused multiply-add, TwoSum by Knuth; what both leave over is added up apart.
    private static void Add(
        ref Vector<double> high,
        ref Vector<double> low,
        ref Vector<double> magnitude,
        Vector<double> x,
        Vector<double> w
    )
    {
        var product = x * w;
        var sum = high + product;
        var part = sum - high;
        low += Vector.FusedMultiplyAdd(x, w, -product) + (high - (sum - part) + (product - part));
        high = sum;
        magnitude += Vector.Abs(product);
    }
}
