using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Certified;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

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

    // Of nine units some are computed in lanes, and some alone.
    [Test]
    public void Where_no_sign_is_negative_it_does_not_matter_whether_signs_are_followed()
    {
        var W_hh = new Certified.Matrix([.. Enumerable.Range(0, 81).Select(n => (double)(n % 7))], 9, 9);
        var (signed, unsigned) = (new CarriedErrors(W_hh, true), new CarriedErrors(W_hh, false));
        double[] slope = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        for (var step = 0; step < 3; step++)
        {
            foreach (var errors in new[] { signed, unsigned })
            {
                errors.Add(slope, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
                errors.Through();
            }
            signed.BeforeWeights.ShouldBe(unsigned.BeforeWeights);
        }
    }

    // relu' is 0 or 1 where the run's state may be 0 and was computed to be 1: ā is 1, and may be 0.
    [TestCase(1.0, 1)]
    [TestCase(0.5, 0)]
    public void A_state_that_may_be_0_has_either_slope(double radius, double error)
    {
        using var scope = NewDisposeScope();
        var layer = new RecordedLayer
        {
            Name = "layer 0, forward",
            Suffix = "l0",
            Φ = Nonlinearity.Of(NonLinearities.ReLU, 0),
            Rows = new Rows(new RnnCase("adjoint", "one step", 1, 1, new(1, 1))),
            Reverse = false,
            X = new([1], 1, 1),
            H_0 = new([0], 1, 1),
            W_ih = new([1], 1, 1),
            W_hh = new([0], 1, 1),
        };
        Certified.Matrix one = new([1], 1, 1);
        var adjoint = new AdjointBounds(layer, new(one, new([radius], 1, 1)), new Rounding(ScalarType.Float64)).Run(
            Bounded.Given(one),
            new([0], 1, 1),
            null
        );
        adjoint.A.Value.Values.ShouldBe([1]);
        adjoint.A.Bound.Values[0].ShouldBe(error, Math.ScaleB(1, -48));
    }

    // T² B H³ / 2
    [TestCase(32, 16, 64, true)]
    [TestCase(33, 16, 64, false)]
    [TestCase(32, 17, 64, false)]
    [TestCase(32, 16, 65, false)]
    public void The_signs_are_followed_for_two_billion_multiplications(int T, int B, int H, bool affordable) =>
        CarriedErrors.IsAffordable(T, B, H).ShouldBe(affordable);
}
