using static TorchSharp.torch;

namespace Rnn.Parity.Divergences;

/// <summary>The arithmetic that a run computes in.</summary>
/// <param name="U">The unit roundoff: a rounded operation is off by at most U of its result.</param>
/// <param name="Smallest">The smallest normal number; what lies below may be flushed to zero.</param>
internal sealed record Arithmetic(double U, double Smallest)
{
    /// <summary>u of float64, in which the analysis itself computes.</summary>
    public const double Binary64 = 1.0 / (1L << 53);

    /// <summary>
    /// What the ends of an interval may be off by in float64, in parts of Σ|terms|: two additions of at most twice that, as
    /// a bound is never larger; the sum itself is as good as in twice the precision.
    /// </summary>
    public const double Own = 4 * Binary64;

    /// <summary>The arithmetic of a type.</summary>
    public static Arithmetic Of(ScalarType dtype) =>
        dtype switch
        {
            ScalarType.Float64 => new(Binary64, Math.ScaleB(1, -1022)),
            ScalarType.Float32 => new(Math.ScaleB(1, -24), Math.ScaleB(1, -126)),
            ScalarType.Float16 => new(Math.ScaleB(1, -11), Math.ScaleB(1, -14)),
            ScalarType.BFloat16 => new(Math.ScaleB(1, -8), Math.ScaleB(1, -126)),
            _ => throw new ArgumentException($"dtype is {dtype}, a floating-point type is expected"),
        };

    /// <summary>
    /// γ_n = nU / (1 − nU): a sum of products in which none passes through more than n roundings, in any order and with
    /// or without fused additions, is off by at most γ_n Σ|products| (Higham, Accuracy and Stability, 3.1).
    /// </summary>
    public double Gamma(int n) => n * U < 1 ? n * U / (1 - n * U) : double.PositiveInfinity;
}
