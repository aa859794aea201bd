namespace Rnn.Parity.Numerics;

/// <summary>
/// How a type rounds: fl(a ∘ b) = (a ∘ b)(1 + δ) + ε, |δ| ≤ u, |ε| ≤ η, and what n roundings can come to.
/// docs/certified.md has the theorems.
/// </summary>
/// <param name="dtype">The type that a run computes in.</param>
/// <param name="λ">Null for the bound that always holds; else the λ of the probabilistic one.</param>
/// <param name="beside">A second evaluation that is compared with the first: the errors of both add up.</param>
internal sealed class Rounding(ScalarType dtype, double? λ = null, Rounding? beside = null)
{
    /// <summary>A bound is a sum of positive numbers, rounded fewer than 2³² times in float64: by less than 2⁻²⁰ of itself.</summary>
    public static readonly double Margin = 1 + Math.ScaleB(1, -20);

    /// <summary>float64, in which the bounds themselves are evaluated.</summary>
    public static Rounding Binary64 { get; } = new(ScalarType.Float64);

    /// <summary>The unit roundoff 2^−p, p the significant bits.</summary>
    public double U { get; init; } = Math.ScaleB(1, -FloatFormat.Of(dtype).SignificantBits);

    /// <summary>The same where an operation may be off by twice as much, as where the last bits are cut off.</summary>
    public Rounding Coarser() => new(dtype, λ, beside) { U = 2 * U };

    /// <summary>The smallest normal number: what lies below may lose its bits, or be flushed to zero.</summary>
    public double Η { get; } = Math.ScaleB(1, FloatFormat.Of(dtype).Exponent);

    /// <summary>
    /// Below η/u an error of η is more than one of u of the value: the type has no figures there. In float16 that is 1/8, below
    /// which there are numbers of ordinary size, and it counts as nothing.
    /// </summary>
    internal double Least { get; } =
        dtype == ScalarType.Float16
            ? 0
            : Math.ScaleB(1, FloatFormat.Of(dtype).Exponent + FloatFormat.Of(dtype).SignificantBits);

    /// <summary>The largest finite number.</summary>
    public double Largest { get; } = FloatFormat.Of(dtype).Largest;

    /// <summary>
    /// By how many roundings more a sum may pass that is added up in float32 and stored in a type of 16 bits: once for a
    /// product with its bias, once for the sum of two, and once for their result.
    /// </summary>
    public int Stores { get; } = FloatFormat.Of(dtype).Size == 2 ? 3 : 0;

    /// <summary>A number of the type, in as few digits as identify it.</summary>
    internal string Text(double value) => FloatFormat.Of(dtype).Text(value);

    /// <summary>
    /// How far a sum of n terms can be from the exact one, in any order, if their magnitudes add up to the given one:
    /// γ_n Σ|terms| + nη, where the stores count as terms.
    /// </summary>
    /// <remarks>Infinite where the magnitudes reach the largest number: some order overflows.</remarks>
    public double Sum(int n, double magnitude)
    {
        var bound = Gamma(n + Stores) * magnitude + (n + Stores) * Η;
        return magnitude + bound < Largest ? bound + (beside?.Sum(n, magnitude) ?? 0) : double.PositiveInfinity;
    }

    /// <summary>
    /// γ_n = nu / (1 − nu) (Higham, Accuracy and Stability of Numerical Algorithms, lemma 3.1), or, with probability at
    /// least 1 − 2 exp(−λ²(1 − u)²/2) for each product, exp(λ√n u + nu²/(1 − u)) − 1 (Higham and Mary, A new approach to
    /// probabilistic rounding error analysis, 2019, theorem 2.4) where that is less. Infinite where n roundings are a whole.
    /// </summary>
    public double Gamma(int n)
    {
        var γ = n * U < 1 ? n * U / (1 - n * U) : double.PositiveInfinity;
        if (λ is not { } l)
            return γ;
        // e^x − 1 ≤ x / (1 − x)
        var x = l * Math.Sqrt(n) * U + n * U * U / (1 - U);
        return x < 1 ? Math.Min(γ, x / (1 - x)) : γ;
    }

    /// <summary>
    /// The λ with which the probabilistic bound of any of many sums fails with probability at most p, if rounding errors are
    /// independent and have mean zero: sums · n · 2 exp(−λ²(1 − u)²/2) = p.
    /// </summary>
    /// <param name="sums">How many sums there are.</param>
    /// <param name="n">Of how many products each at most.</param>
    /// <param name="u">The unit roundoff.</param>
    /// <param name="p">The probability of failure.</param>
    public static double Lambda(double sums, double n, double u, double p) =>
        Math.Sqrt(2 * Math.Log(2 * n * sums / p)) / (1 - u);
}
