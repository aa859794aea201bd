using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Numerics;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Numerics;

/// <summary>Lemmas 1 and 2 of docs/certified.md, number by number.</summary>
[MutationOf("parity")]
public sealed class RoundingTests
{
    [TestCase(ScalarType.Float64, -53, -1022)]
    [TestCase(ScalarType.Float32, -24, -126)]
    [TestCase(ScalarType.BFloat16, -8, -126)]
    [TestCase(ScalarType.Float16, -11, -14)]
    public void A_type_rounds_by_its_significant_bits(ScalarType dtype, int u, int η)
    {
        var rounding = new Rounding(dtype);
        rounding.U.ShouldBe(Math.ScaleB(1, u));
        rounding.Η.ShouldBe(Math.ScaleB(1, η));
    }

    [Test]
    public void What_is_cut_off_is_off_by_twice_as_much()
    {
        var coarser = new Rounding(ScalarType.BFloat16).Coarser();
        coarser.U.ShouldBe(Math.ScaleB(1, -7));
        coarser.Gamma(64).ShouldBe(1);
    }

    // γ_n = nu / (1 − nu): with u = 2⁻⁸, γ_128 = 1, and 256 roundings are a whole.
    [TestCase(0, 0)]
    [TestCase(128, 1)]
    [TestCase(192, 3)]
    [TestCase(255, 255)]
    [TestCase(256, double.PositiveInfinity)]
    [TestCase(257, double.PositiveInfinity)]
    public void Gamma_is_that_of_Higham(int n, double γ) => new Rounding(ScalarType.BFloat16).Gamma(n).ShouldBe(γ);

    [Test]
    public void A_sum_in_sixteen_bits_is_stored_three_times_more()
    {
        // γ_n Σ|terms| + nη, n = 125 + 3 and 1021 + 3
        new Rounding(ScalarType.BFloat16)
            .Sum(125, 1)
            .ShouldBe(1);
        new Rounding(ScalarType.BFloat16).Sum(125, 0).ShouldBe(128 * Math.ScaleB(1, -126));
        new Rounding(ScalarType.Float16).Sum(1021, 1).ShouldBe(1 + 1024 * Math.ScaleB(1, -14));
        new Rounding(ScalarType.Float32).Sum(1 << 23, 1).ShouldBe(1);
        new Rounding(ScalarType.Float64).Sum(1, 0).ShouldBe(Math.ScaleB(1, -1022));
        new Rounding(ScalarType.Float32).Sum(3, 0).ShouldBe(3 * Math.ScaleB(1, -126));
    }

    [Test]
    public void The_errors_of_a_second_evaluation_are_added()
    {
        var beside = new Rounding(ScalarType.Float32, null, new Rounding(ScalarType.BFloat16));
        beside.Sum(1 << 23, 1).ShouldBe(double.PositiveInfinity);
        beside.Sum(125, 3).ShouldBe(new Rounding(ScalarType.Float32).Sum(125, 3) + 3);
    }

    // What may reach the largest number has no bound.
    [TestCase(ScalarType.Float64, double.MaxValue)]
    [TestCase(ScalarType.Float32, float.MaxValue)]
    [TestCase(ScalarType.BFloat16, 3.3895313892515355e38)]
    [TestCase(ScalarType.Float16, 65504.0)]
    public void A_sum_that_may_overflow_has_no_bound(ScalarType dtype, double largest)
    {
        var rounding = new Rounding(dtype);
        var γ = rounding.Gamma(1 + rounding.Stores);
        rounding.Sum(1, largest * (1 - γ / 2)).ShouldBe(double.PositiveInfinity);
        rounding.Sum(1, largest * (1 - 2 * γ)).ShouldBeLessThan(largest * γ);
        rounding.Sum(1, double.NaN).ShouldBe(double.PositiveInfinity);
    }

    // λ√n u + nu²/(1 − u) = x, and e^x − 1 ≤ x / (1 − x), where that is less than γ_n
    [Test]
    public void The_probabilistic_bound_is_that_of_Higham_and_Mary()
    {
        var (certain, probable) = (new Rounding(ScalarType.Float32), new Rounding(ScalarType.Float32, 8));
        probable.Gamma(64).ShouldBe(certain.Gamma(64), "8 √64 = 64: the other is never wider");
        var u = certain.U;
        var x = 8 * 64 * u + 4096 * u * u / (1 - u);
        // here and there four operations of float64 round
        probable.Gamma(4096).ShouldBe(x / (1 - x), x * Math.ScaleB(1, -50));
        probable.Gamma(4096).ShouldBeLessThan(certain.Gamma(4096) / 8);
        // 2⁻⁸ λ √n = 1, where nothing of a sum is left
        new Rounding(ScalarType.BFloat16, 64)
            .Gamma(16)
            .ShouldBe(new Rounding(ScalarType.BFloat16).Gamma(16));
        // λ√n u = 1/16, and nu² / (1 − u) = 1/255
        x = 1.0 / 16 + 1.0 / 255;
        new Rounding(ScalarType.BFloat16, 1).Gamma(256).ShouldBe(x / (1 - x), x * Math.ScaleB(1, -50));
    }

    // sums · n · 2 exp(−λ²(1 − u)²/2) = p, where exp enlarges what is rounded in λ by λ² < 2⁷
    [TestCase(1, 1)]
    [TestCase(1e6, 300)]
    public void Lambda_fails_as_often_as_is_said(double sums, double n)
    {
        var u = Math.ScaleB(1, -8);
        var λ = Rounding.Lambda(sums, n, u, 1e-6);
        (sums * n * 2 * Math.Exp(-λ * λ * (1 - u) * (1 - u) / 2)).ShouldBe(1e-6, 1e-6 * Math.ScaleB(1, -40));
    }

    // (T, B, I, H) = (5, 3, 4, 6), two layers in both directions: 60 steps; a sum has at most 12 + 4 + 6 + 15 = 37 terms; a
    // step has 12 sums for its units and at most 37 for x̄; the layers have 144 and 240 weights and biases. A dozen operations of
    // float64 round.
    [TestCase(ScalarType.Float32, 24)]
    [TestCase(ScalarType.BFloat16, 8)]
    public void A_comparison_fails_once_in_a_million(ScalarType dtype, int bits)
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("lambda", "sums", 5, 3, new(4, 6, 2, Bidirectional: true, Dtype: dtype));
        const double sums = 60 * (12 + 37) + 144 + 240;
        var λ = Math.Sqrt(2 * Math.Log(2 * 37 * sums * 1e6)) / (1 - Math.ScaleB(1, -bits));
        Certification.Lambda(c, c.Draw()).ShouldBe(λ, λ * Math.ScaleB(1, -40));
    }
}
