using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Numerics;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>Steps reproduce states if every one of these can be what the steps compute.</summary>
[MutationOf("parity")]
public sealed class StepsTests
{
    // relu(x) of 1, 2, 3 and 4: two steps of two units, which stand in rows 1 and 0 of the states
    private static readonly int[] rows = [1, 0];

    [Test]
    public void States_that_are_right_are_reproduced() => Reproduced(new([3, 4, 1, 2], 2, 2)).ShouldBeTrue();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void One_that_is_wrong_is_enough(int wrong)
    {
        double[] states = [3, 4, 1, 2];
        states[wrong] += 0.5;
        Reproduced(new(states, 2, 2)).ShouldBeFalse();
    }

    // of 2¹²⁷ and more float32 may overflow in some order
    [TestCase(126, true)]
    [TestCase(127, false)]
    public void Where_there_is_no_bound_nothing_is_reproduced(int exponent, bool reproduced)
    {
        var large = Math.ScaleB(1, exponent);
        Of(new([2 * large, 0, 0, 0], 2, 2)).Reproduce(rows, new([0, 0, 2 * large, 0], 2, 2)).ShouldBe(reproduced);
    }

    // to integers: what lies within the bound of 2.5 can be 2 or 3, and 2.25 is no integer
    [TestCase(2.5, 2, true)]
    [TestCase(2.5, 3, true)]
    [TestCase(2.5, 4, false)]
    [TestCase(2.5, 1, false)]
    [TestCase(2.25, 2, true)]
    [TestCase(2.25, 2.25, false)]
    [TestCase(3, 3, true)]
    public void What_is_rounded_may_be_what_either_end_of_the_bound_is_rounded_to(
        double z,
        double h,
        bool reproduced
    ) =>
        (Of(new([z, 0, 0, 0], 2, 2)) with { Rounded = v => Math.Floor(v + 0.5) })
            .Reproduce(rows, new([0, 0, h, 0], 2, 2))
            .ShouldBe(reproduced);

    [Test]
    public void Each_product_and_each_bias_is_a_term()
    {
        var steps = Of(new([1, 2, 3, 4], 2, 2));
        (steps with { B_ih = null, B_hh = null }).Terms.ShouldBe(4);
        (steps with { B_ih = [0, 0], B_hh = [0, 0] }).Terms.ShouldBe(6);
    }

    private static bool Reproduced(Matrix states) => Of(new([1, 2, 3, 4], 2, 2)).Reproduce(rows, states);

    private static Steps Of(Matrix x)
    {
        var zeros = new Matrix(new double[4], 2, 2);
        var equation = new Equation
        {
            X = x,
            W_ih = new([1, 0, 0, 1], 2, 2),
            W_hh = zeros,
            Φ = Nonlinearity.ReLU,
            Rounding = new(ScalarType.Float32),
        };
        return new(equation, zeros, [-1, -2]);
    }
}
