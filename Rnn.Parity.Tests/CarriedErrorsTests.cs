using NUnit.Framework;
using Rnn.Parity.Certified;
using Shouldly;

namespace Rnn.Parity.Tests;

/// <summary>Theorem 3 of docs/certified.md: errors are carried with the signs of the Jacobians, while that is affordable.</summary>
[NonParallelizable]
public sealed class CarriedErrorsTests
{
    [TestCase(true, new[] { 13.0, 14 })]
    [TestCase(false, new[] { 15.0, 30 })]
    public void Errors_of_two_steps_are_what_a_hand_computes(bool withSigns, double[] second)
    {
        // W_hhᵀ = (1 2; −2 4), λ = (1, 2), and D = I in the first step, (1, ½) in the second
        var errors = new CarriedErrors(new([1, -2, 2, 4], 2, 2), withSigns);
        errors.BeforeWeights.ShouldBe([0, 0]);
        errors.Add([1, 1], [1, 2]);
        errors.Through();
        errors.BeforeWeights.ShouldBe([5, 10]);
        errors.Add([1, 0.5], [0, 0]);
        errors.Through();
        // with signs |W_hhᵀ D W_hhᵀ| λ = |(−1 6; −6 4)| λ, without them |W_hhᵀ| D |W_hhᵀ| λ = (1 2; 2 4) (5, 5)
        errors.BeforeWeights.ShouldBe(second);
    }

    // a saturated state may be rounded past ±1, and then 1 − h² is below 0
    [Test]
    public void An_error_is_no_smaller_for_a_negative_slope([Values] bool withSigns)
    {
        var errors = new CarriedErrors(new([2], 1, 1), withSigns);
        errors.Add([1], [1]);
        errors.Through();
        errors.Add([-1], [3]);
        errors.Through();
        errors.BeforeWeights.ShouldBe([10]);
    }

    // T² B H³ / 2
    [TestCase(32, 16, 64, true)]
    [TestCase(33, 16, 64, false)]
    [TestCase(32, 17, 64, false)]
    [TestCase(32, 16, 65, false)]
    public void The_signs_are_followed_for_two_billion_multiplications(int T, int B, int H, bool affordable) =>
        CarriedErrors.IsAffordable(T, B, H).ShouldBe(affordable);
}
