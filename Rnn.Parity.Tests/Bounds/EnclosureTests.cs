using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Numerics;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>
/// The small terms of theorem 1 of docs/certified.md, to the last bit, at sizes where they show: what underflows, the
/// reference's own error and dropout's rounding.
/// </summary>
[MutationOf("parity")]
public sealed class EnclosureTests
{
    // A bound is enlarged by 2⁻²⁰ of itself.
    private static readonly double margin = 1 + Math.ScaleB(1, -20);
    private static readonly double float64 = Math.ScaleB(1, -50);

    [Test]
    public void What_float64_leaves_over_of_a_value_counts() =>
        new Enclosure(new DoubleDouble(1, Math.ScaleB(1, -60)), 0)
            .Error(1 + Math.ScaleB(1, -52))
            .ShouldBe(Math.ScaleB(1, -52) - Math.ScaleB(1, -60));

    [Test]
    public void It_holds_its_ends_and_nothing_beyond()
    {
        var e = new Enclosure(1, 0.25);
        e.Holds(1.25).ShouldBeTrue();
        e.Holds(0.75).ShouldBeTrue();
        e.Holds(Math.BitIncrement(1.25)).ShouldBeFalse();
    }

    // relu's 1, whose bound is b, and 2 after it: 3 within b + u (3 + b)
    [Test]
    public void What_is_added_after_the_nonlinearity_rounds_once_more()
    {
        var (one, after) = (Step(NonLinearities.ReLU, ScalarType.Float32, 1, 1), new Matrix([2], 1, 1));
        var b = StateBounds.Of(one).Single().Bound / margin;
        var e = StateBounds.Of(one with { After = after }).Single();
        e.Value.ShouldBe((DoubleDouble)3);
        e.Bound.ShouldBe((b + Math.ScaleB(1, -24) * (3 + b)) * margin, float64 * b);
    }

    // z = 2²⁰ of n = 2²⁰ + 1 terms, and γ_n z + nη + γ_{n+4}² z + n 2⁻¹⁰⁷⁴ around it
    [Test]
    public void The_reference_has_an_error_of_its_own()
    {
        const int terms = 1 << 20;
        var n = terms + 1.0;
        var (γ, own, z) = (Higham(n), Higham(n + 4), (double)terms);
        var e = State(NonLinearities.ReLU, ScalarType.Float64, terms, 1);
        e.Value.ShouldBe((DoubleDouble)z);
        e.Bound.ShouldBe((γ * z + n * Math.ScaleB(1, -1022) + own * own * z + n * double.Epsilon) * margin);
        e.Bound.ShouldNotBe(γ * z * margin, "the other terms show");

        static double Higham(double n) => n * Math.ScaleB(1, -53) / (1 - n * Math.ScaleB(1, -53));
    }

    // n = 2 products of 0, where nothing but nη and n 2⁻¹⁰⁷⁴ is left
    [Test]
    public void What_underflows_has_a_bound() =>
        State(NonLinearities.ReLU, ScalarType.Float64, 1, 0)
            .Bound.ShouldBe((Math.ScaleB(1, -1021) + Math.ScaleB(1, -1073)) * margin);

    // tanh' = 1 at 0, and tanh is off by six roundings: δ + 6 (u δ + η)
    [Test]
    public void Tanh_of_what_underflows_may_underflow_itself()
    {
        var (δ, η) = (2 * Math.ScaleB(1, -126), Math.ScaleB(1, -126));
        State(NonLinearities.Tanh, ScalarType.Float32, 1, 0)
            .Bound.ShouldBe((δ + 6 * (Math.ScaleB(1, -24) * δ + η)) * margin);
    }

    [Test]
    public void A_slope_is_the_supremum_of_what_lies_within_the_radius()
    {
        var (tanh, relu) = (Nonlinearity.Of(NonLinearities.Tanh, 0), Nonlinearity.Of(NonLinearities.ReLU, 0));
        tanh.Slope(400, 1).ShouldBe(0, "4 exp(-798) is too small for a float64");
        tanh.Slope(-1, 2).ShouldBe(1);
        // relu' is 0 at 0, as libtorch has it
        relu.Slope(-1, 1).ShouldBe(0);
        relu.Slope(-1, 1.5).ShouldBe(1);
    }

    // a_bar = relu' h_bar, where h is 1/4 within a radius: relu' can be 0 if h can, and is 1 else
    [TestCase(0.25, 1.0)]
    [TestCase(0.125, 0.0)]
    public void The_slope_of_relu_is_open_where_the_state_can_be_0(double radius, double open)
    {
        var c = new RnnCase("", "", 1, 1, new(1, 1, 1, NonLinearities.ReLU));
        var (one, rounding) = (new Matrix([1], 1, 1), new Rounding(ScalarType.Float32));
        var layer = new RecordedLayer
        {
            Index = 0,
            Reverse = false,
            Slot = 0,
            Rows = new(c),
            X = one,
            W_ih = one,
            W_hh = one,
            H_0 = one,
            Φ = Nonlinearity.ReLU,
            Rounding = rounding,
            Enclosures = [new(0.25, radius)],
        };
        using var scope = NewDisposeScope();
        var a_bar = new AdjointBounds(layer, rounding).Run(Bounded.Given(one), new([0], 1, 1), null).A;
        a_bar.Value.Values.ShouldBe([1]);
        // and what rounds in 1 and in what is open: less than four units
        a_bar.Bound.Values.Single().ShouldBe(open, 4 * Math.ScaleB(1, -24) * (1 + open));
    }

    // r mask + (u + u₆₄)(|x mask| + r mask) + η
    [TestCase(3.0, 0.25, 2.0)]
    [TestCase(-3.0, null, 2.0)]
    [TestCase(3.0, 0.25, 0.0)]
    public void Dropout_rounds_once_in_the_run_and_once_here(double x, double? r, double mask)
    {
        var radius = r is { } given ? new Matrix([given], 1, 1) : null;
        var rounding = new Rounding(ScalarType.Float32);
        using var scope = NewDisposeScope();
        var known = radius is null ? null : Error(radius.Values[0]);
        var read = Masks.Apply(new(new([x], 1, 1), radius, known), new([mask], 1, 1), 1, rounding);
        read.X.Values.ShouldBe([x * mask]);
        var carried = (r ?? 0) * mask;
        var u = Math.ScaleB(1, -24) + Math.ScaleB(1, -53);
        var rounded = u * (Math.Abs(x * mask) + carried) + Math.ScaleB(1, -126);
        read.Radius!.Values.ShouldBe([carried + rounded]);
        if (known is null)
            read.Errors.ShouldBeNull("what has no sign is in the radius");
        else
            read.Errors![0][0].Radius()[0].ShouldBe(carried + rounded, float64 * carried);

        static Zonotope[][] Error(double r) =>
            [
                [Zonotope.Zero(1).Step([0], [r], 4)],
            ];
    }

    private static Enclosure State(NonLinearities φ, ScalarType dtype, int inputs, double weight) =>
        StateBounds.Of(Step(φ, dtype, inputs, weight)).ShouldHaveSingleItem();

    // One step of one unit from h_0 = 0, whose inputs are all 1 and have one weight.
    private static Steps Step(NonLinearities φ, ScalarType dtype, int inputs, double weight)
    {
        var equation = new Equation
        {
            Φ = Nonlinearity.Of(φ, 0),
            Rounding = new Rounding(dtype),
            X = new([.. Enumerable.Repeat(1.0, inputs)], 1, inputs),
            W_ih = new([.. Enumerable.Repeat(weight, inputs)], 1, inputs),
            W_hh = new([0], 1, 1),
        };
        return new(equation, h: new([0], 1, 1), rows: [-1]);
    }
}
