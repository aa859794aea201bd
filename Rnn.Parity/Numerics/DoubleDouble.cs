namespace Rnn.Parity.Numerics;

/// <summary>
/// The unevaluated sum High + Low of two float64 with |Low| ≤ u |High|, u = 2⁻⁵³: about 106 significant bits.
/// </summary>
/// <remarks>
/// The relative errors are those of Joldes, Muller and Popescu, Tight and rigorous error bounds for basic building blocks
/// of double-word arithmetic (2017): 3u² + 13u³ for a sum, 5u² for a product, 15u² + 56u³ for a quotient.
/// </remarks>
internal readonly record struct DoubleDouble(double High, double Low)
{
    /// <summary>A float64 as it is.</summary>
    public static implicit operator DoubleDouble(double value) => new(value, 0);

    /// <summary>a + b exactly, as its rounding and what that leaves over (Knuth).</summary>
    public static DoubleDouble Sum(double a, double b)
    {
        var sum = a + b;
        var part = sum - a;
        return new(sum, a - (sum - part) + (b - part));
    }

    /// <summary>a b exactly, if nothing underflows: a fused multiply-add gives what the rounding leaves over.</summary>
    public static DoubleDouble Product(double a, double b)
    {
        var product = a * b;
        return new(product, Math.FusedMultiplyAdd(a, b, -product));
    }

    /// <summary>a + b, their algorithm 6.</summary>
    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        var (high, low) = Sum(a.High, b.High);
        var (tail, rest) = Sum(a.Low, b.Low);
        (high, low) = Renormalised(high, low + tail);
        return Renormalised(high, low + rest);
    }

    /// <summary>−a.</summary>
    public static DoubleDouble operator -(DoubleDouble a) => new(-a.High, -a.Low);

    /// <summary>a b, their algorithm 11 with a fused multiply-add.</summary>
    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        var (high, low) = Product(a.High, b.High);
        return Renormalised(high, low + Math.FusedMultiplyAdd(a.High, b.Low, a.Low * b.High));
    }

    /// <summary>a / b, their algorithm 17.</summary>
    public static DoubleDouble operator /(DoubleDouble a, DoubleDouble b)
    {
        var quotient = a.High / b.High;
        var rest = a + -(b * quotient);
        return Renormalised(quotient, rest.High / b.High);
    }

    // Dekker: for |a| ≥ |b|.
    private static DoubleDouble Renormalised(double a, double b)
    {
        var sum = a + b;
        return new(sum, b - (sum - a));
    }

    /// <summary>tanh, with a relative error of at most 2⁻⁹⁷.</summary>
    /// <remarks>
    /// tanh z = −e / (2 + e) for z > 0, where e = expm1(−2z). With s = −2z/2¹³, |s| ≤ 2⁻⁶, the Taylor polynomial of degree 14
    /// leaves out less than 2⁻¹²⁰ |s|, and Horner's rule ends in one product and one sum near 1: 25u². Each of 13 doublings
    /// expm1(2s) = e (2 + e) adds 8u² and does not enlarge what there is, since e ≤ 0: 129u². The quotient at most doubles
    /// this and adds 18u²: in all below 300u² &lt; 2⁻⁹⁷. Below 2⁻⁶⁰, tanh z = z up to z²/3; from 40 on, 1 up to 2e⁻⁸⁰ &lt; 2⁻¹¹⁴.
    /// </remarks>
    public static DoubleDouble Tanh(DoubleDouble z)
    {
        const int doublings = 13;
        var size = Math.Abs(z.High);
        if (double.IsNaN(size) || size < Math.ScaleB(1, -60))
            return z;
        if (size >= 40)
            return Math.Sign(z.High);
        var s = z.High > 0 ? -z : z;
        s = new(Math.ScaleB(s.High, 1 - doublings), Math.ScaleB(s.Low, 1 - doublings));

        // expm1(s) = s (1 + s/2 (1 + s/3 (… (1 + s/14))))
        DoubleDouble e = 1;
        for (var i = 14; i >= 2; i--)
            e = 1 + s * e / i;
        e = s * e;
        for (var i = 0; i < doublings; i++)
            e *= 2 + e;
        var tanh = -e / (2 + e);
        return z.High > 0 ? tanh : -tanh;
    }
}
