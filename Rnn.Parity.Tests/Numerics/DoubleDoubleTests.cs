using System.Numerics;
using NUnit.Framework;
using Rnn.Parity.Numerics;
using Shouldly;

namespace Rnn.Parity.Tests.Numerics;

/// <summary>The reference arithmetic beside integers of any length: docs/certified.md, theorem 1.</summary>
[MutationOf("parity")]
public sealed class DoubleDoubleTests
{
    // Matrix here are integers times 2^−Bits.
    private const int Bits = 1400;

    private static readonly BigInteger one = BigInteger.One << Bits;

    [Test]
    public void Tanh_is_as_accurate_as_is_claimed()
    {
        var random = new Random(1);
        var worst = 0.0;
        for (var i = 0; i < 2000; i++)
        {
            var size = Math.ScaleB(random.NextDouble() + 0.5, random.Next(-70, 6));
            var high = random.Next(2) == 0 ? size : -size;
            var z = DoubleDouble.Sum(high, high * (random.NextDouble() - 0.5) * Math.ScaleB(1, -54));
            var exact = Tanh(Fixed(z.High) + Fixed(z.Low));
            var tanh = DoubleDouble.Tanh(z);
            worst = Math.Max(worst, Relative(Fixed(tanh.High) + Fixed(tanh.Low) - exact, exact));
        }
        TestContext.Out.WriteLine(FormattableString.Invariant($"off by at most 2^{Math.Log2(worst):F1} of itself"));
        worst.ShouldBeInRange(double.Epsilon, Math.ScaleB(1, -97));
    }

    [Test]
    public void A_sum_of_products_is_within_γ_n_squared_of_the_exact_one()
    {
        var random = new Random(2);
        for (var i = 0; i < 200; i++)
        {
            var n = random.Next(1, 60);
            double[] Draw() =>
                [.. Enumerable.Range(0, n).Select(_ => Math.ScaleB(random.NextDouble() - 0.5, random.Next(-40, 40)))];
            var (w, x) = (Draw(), Draw());
            // two products that nearly cancel, which would lose all bits in float64
            if (n > 1)
                (w[^1], x[^1]) = (-w[0], x[0] * (1 + Math.ScaleB(1, -50)));
            // five units, so that some are computed in lanes and some alone
            var W = new Matrix([.. Enumerable.Repeat(w, 5).SelectMany(row => row)], 5, n);
            var products = new Products(new Matrix(x, 1, n), W.Transposed());
            var exact = w.Zip(x)
                .Aggregate(BigInteger.Zero, (sum, p) => sum + ((Fixed(p.First) * Fixed(p.Second)) >> Bits));
            var magnitude = w.Zip(x).Sum(p => Math.Abs(p.First * p.Second));
            var γ = Rounding.Binary64.Gamma(n);
            for (var unit = 0; unit < 5; unit++)
            {
                var (sum, m) = products[0, unit];
                var error = Magnitude(Fixed(sum.High) + Fixed(sum.Low) - exact);
                error.ShouldBeLessThanOrEqualTo(γ * γ * magnitude * (1 + γ));
                m.ShouldBe(magnitude, γ * magnitude);
            }
        }
    }

    // 3u² + 13u³, 5u² and 15u² + 56u³, u = 2⁻⁵³
    [Test]
    public void A_sum_a_product_and_a_quotient_are_as_accurate_as_is_claimed()
    {
        var random = new Random(3);
        var (u2, u3) = (Math.ScaleB(1, -106), Math.ScaleB(1, -159));
        for (var i = 0; i < 5000; i++)
        {
            var a = Draw(random);
            // nearly −a, so that the last bits are what is left, or anything
            var b = i % 2 == 0 ? Draw(random) : -a * (1 + Math.ScaleB(random.NextDouble(), -50));
            var (x, y) = (Exact(a), Exact(b));
            Within(a + b, x + y, 3 * u2 + 13 * u3);
            Within(a * b, x * y >> Bits, 5 * u2);
            Within(a / b, (x << Bits) / y, 15 * u2 + 56 * u3);
        }

        static DoubleDouble Draw(Random random)
        {
            var high = Math.ScaleB(random.NextDouble() - 0.5, random.Next(-60, 60));
            return DoubleDouble.Sum(high, high * (random.NextDouble() - 0.5) * Math.ScaleB(1, -52));
        }

        static BigInteger Exact(DoubleDouble a) => Fixed(a.High) + Fixed(a.Low);

        static void Within(DoubleDouble actual, BigInteger exact, double relative)
        {
            var bound = relative * (1 + Math.ScaleB(1, -40)) * Magnitude(exact);
            Magnitude(Exact(actual) - exact).ShouldBeLessThanOrEqualTo(bound);
        }
    }

    [TestCase(0.0)]
    [TestCase(-0.0)]
    [TestCase(1e-310)]
    [TestCase(double.NaN)]
    public void Tanh_of_what_is_tiny_or_no_number_is_itself(double z) =>
        BitConverter.DoubleToInt64Bits(DoubleDouble.Tanh(z).High).ShouldBe(BitConverter.DoubleToInt64Bits(z));

    [TestCase(double.PositiveInfinity, 1)]
    [TestCase(double.NegativeInfinity, -1)]
    public void Tanh_of_infinity_is_one(double z, double tanh) => DoubleDouble.Tanh(z).ShouldBe((DoubleDouble)tanh);

    // tanh z = (1 − q) / (1 + q), q = e^−2z
    private static BigInteger Tanh(BigInteger z)
    {
        var q = Exp(-2 * BigInteger.Abs(z));
        return z.Sign * (((one - q) << Bits) / (one + q));
    }

    // e^y = (e^(y/2^k))^(2^k), by Taylor's series
    private static BigInteger Exp(BigInteger y)
    {
        const int halvings = 20;
        var (term, sum) = (one, BigInteger.Zero);
        for (var n = 1; !term.IsZero; n++)
        {
            sum += term;
            term = (term * (y >> halvings) >> Bits) / n;
            if (BigInteger.Abs(term) < 2)
                break;
        }
        for (var i = 0; i < halvings; i++)
            sum = sum * sum >> Bits;
        return sum;
    }

    private static BigInteger Fixed(double value)
    {
        if (value == 0)
            return 0;
        var exponent = Math.ILogB(value) - 52;
        return new BigInteger(Math.ScaleB(value, -exponent)) << (Bits + exponent);
    }

    // 2^Bits is too large for a float64
    private static double Magnitude(BigInteger value)
    {
        var size = BigInteger.Abs(value);
        var cut = (int)Math.Max(0, size.GetBitLength() - 64);
        return Math.ScaleB((double)(size >> cut), cut - Bits);
    }

    private static double Relative(BigInteger error, BigInteger value) =>
        Math.Exp(BigInteger.Log(BigInteger.Abs(error) + 1) - BigInteger.Log(BigInteger.Abs(value) + 1));
}
