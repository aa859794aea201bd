namespace Rnn.Parity.Tests.Oracles;

/// <summary>Upper bounds that stay upper bounds in floating point: each result is rounded up.</summary>
internal static class Above
{
    /// <summary>At least a + b, for a, b ≥ 0.</summary>
    public static double Plus(double a, double b) => Math.BitIncrement(a + b);

    /// <summary>At least a b, for a, b ≥ 0.</summary>
    public static double Times(double a, double b) => Math.BitIncrement(a * b);

    /// <summary>At least γ_n = nu / (1 − nu): the relative error of n roundings.</summary>
    public static double Gamma(int n, double u) => Math.BitIncrement(n * u / Math.BitDecrement(1 - n * u));
}
