namespace Rnn.Parity.Divergences;

/// <summary>A sum of products, exactly enough, and the sum of their magnitudes.</summary>
/// <param name="High">The sum, rounded to float64.</param>
/// <param name="Low">What the rounding left over.</param>
/// <param name="Magnitude">Σ|products|, to which rounding errors are in proportion.</param>
/// <param name="Radius">By how much a run's value may be off before the sum itself rounds.</param>
internal readonly record struct Sum(double High, double Low, double Magnitude, double Radius = 0)
{
    /// <summary>w · x + b.</summary>
    /// <remarks>
    /// A product of two float32 is exact in float64: 24 + 24 bits are fewer than 53. One of two float64 is not: its fused
    /// multiply-add gives what the rounding left, as Knuth's two-sum gives it for an addition. With both kept in Low the
    /// sum is as if computed in twice the precision (Ogita, Rump, Oishi: Dot2).
    /// </remarks>
    public static Sum Of(double[] w, double[] x, double b)
    {
        var (high, low, magnitude) = (b, 0.0, Math.Abs(b));
        for (var k = 0; k < w.Length; k++)
        {
            var product = w[k] * x[k];
            low += Math.FusedMultiplyAdd(w[k], x[k], -product) + Error(high, product);
            high += product;
            magnitude += Math.Abs(product);
        }
        return new(high, low, magnitude);
    }

    /// <summary>The sum of two sums.</summary>
    public static Sum operator +(Sum a, Sum b) =>
        new(a.High + b.High, a.Low + b.Low + Error(a.High, b.High), a.Magnitude + b.Magnitude, a.Radius + b.Radius);

    // Knuth: a + b is its rounding and this, exactly.
    private static double Error(double a, double b)
    {
        var sum = a + b;
        var part = sum - a;
        return a - (sum - part) + (b - part);
    }
}
