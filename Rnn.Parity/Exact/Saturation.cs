namespace Rnn.Parity.Exact;

/// <summary>From where on tanh, rounded to a type, is ±1.</summary>
internal static class Saturation
{
    /// <summary>
    /// A power of two s with tanh x = ±1 for all |x| ≥ s in a type with p significant bits, if tanh is rounded to nearest:
    /// 1 − tanh x = 2 / (e²ˣ + 1) &lt; 2e⁻²ˣ, and a number nearer to 1 than 2^−(p+1), half the spacing below 1, rounds to 1.
    /// So x ≥ (p + 2) ln 2 / 2 suffices; s is the next power of two.
    /// </summary>
    /// <remarks>4 in bfloat16, 8 in float16, 16 in float32, 32 in float64. Theorem 2 of docs/exact.md.</remarks>
    public static int Threshold(ScalarType dtype) =>
        1 << (int)Math.Ceiling(Math.Log2((FloatFormat.Of(dtype).SignificantBits + 2) * Math.Log(2) / 2));
}
