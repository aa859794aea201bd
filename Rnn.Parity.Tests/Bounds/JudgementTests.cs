using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Numerics;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>
/// What is made of numbers beside their bounds: the worst ratio, the widest bound, the first fault and, as theorem 2 of
/// docs/certified.md has it, nothing where a bound says nothing.
/// </summary>
[MutationOf("parity")]
public sealed class JudgementTests
{
    // Judgement enlarges the bound of a gradient by 2⁻²⁰ of itself.
    private static readonly double margin = 1 + Math.ScaleB(1, -20);

    [Test]
    public void The_worst_ratio_and_the_widest_bound_are_kept()
    {
        var judgement = Judge([4, -8, 2], [0.5, 1, 0.25], [4.25, -8.25, 2]);
        judgement.Elements.ShouldBe(3);
        judgement.Outside.ShouldBe(0);
        judgement.Fault.ShouldBeNull();
        judgement.Worst.ShouldBe(0.5 / margin);
        // of the two that are not their value itself, in parts of 8
        judgement.Widest.ShouldBe(margin / 8);
    }

    [Test]
    public void An_error_as_large_as_its_bound_is_within_it_and_a_larger_one_is_not()
    {
        Judge([8], [0.5], [8 + 0.5 * margin]).Outside.ShouldBe(0);
        var judgement = Judge([8, 16, 8], [0.5, 1, 0.5], [8.5, 14, 6]);
        judgement.Outside.ShouldBe(2);
        judgement.Worst.ShouldBe(4 / margin);
        judgement.Fault.ShouldBe("g at [0, 1] is 14, off by 2 from 16, where rounding is at most 1");
    }

    [Test]
    public void A_number_has_its_place_by_rows()
    {
        var judgement = new Judgement(new(ScalarType.Float32));
        judgement.Gradient("g", new(new([1, 2, 3, 4], 2, 2), new(new double[4], 2, 2)), new([1, 2, 5, 4], 2, 2));
        judgement.Fault.ShouldNotBeNull();
        judgement.Fault.ShouldStartWith("g at [1, 0] is 5, off by 2 from 3,");
        judgement.Worst.ShouldBe(double.PositiveInfinity);
    }

    [TestCase(8.0)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NaN)]
    public void A_bound_as_wide_as_the_largest_value_says_nothing(double bound)
    {
        var judgement = Judge([4, 8], [bound, 0.5], [5, 8]);
        judgement.Outside.ShouldBe(0);
        judgement.Worst.ShouldBe(0);
        judgement.Widest.ShouldBe(0);
        judgement.Evidence.ShouldBe(Evidence.Undecided);
        judgement.Doubtful.ShouldNotBeNull();
        judgement.Doubtful.ShouldMatch(
            double.IsFinite(bound)
                ? "^g at \\[0, 0\\]: the bound, .*, is as wide as the largest value, 8, and says nothing$"
                : "^g at \\[0, 0\\]: errors grow without end, or a sum may overflow: the bound is infinite, and says nothing$"
        );
    }

    [Test]
    public void A_bound_that_is_just_the_largest_value_says_nothing_nor_of_an_error_that_is_just_the_bound()
    {
        var judgement = Judge([8 * margin], [8], [8 * margin + 1]);
        (judgement.Outside, judgement.Worst, judgement.Widest).ShouldBe((0, 0, 0));
        judgement.Doubtful.ShouldNotBeNull().ShouldEndWith("says nothing");
        judgement = Judge([8], [8], [8 + 8 * margin]);
        (judgement.Outside, judgement.Worst, judgement.Widest).ShouldBe((0, 0, 0));
        judgement.Doubtful.ShouldNotBeNull().ShouldEndWith("says nothing");
    }

    [Test]
    public void Of_two_bounds_that_say_nothing_the_first_is_named() =>
        Judge([4, 8], [8, 9], [5, 9]).Doubtful.ShouldNotBeNull().ShouldStartWith("g at [0, 0]: the bound, ");

    [Test]
    public void Beside_values_that_are_all_0_an_error_beyond_the_bound_is_one()
    {
        var judgement = Judge([0, 0], [0.5, 0], [1, 1]);
        (judgement.Outside, judgement.Worst).ShouldBe((2, double.PositiveInfinity));
    }

    // η/u = 2⁻¹⁰² in float32, and 2⁻³ in float16, which has ten figures more below
    [TestCase(ScalarType.Float32, -110, Evidence.Certified)]
    [TestCase(ScalarType.Float32, -90, Evidence.Undecided)]
    [TestCase(ScalarType.Float16, -10, Evidence.Undecided)]
    public void Where_a_type_has_no_figures_left_a_bound_may_be_as_wide_as_the_values(
        ScalarType type,
        int exponent,
        Evidence evidence
    ) => Judge([Math.ScaleB(1, -160)], [Math.ScaleB(1, exponent)], [0], type).Evidence.ShouldBe(evidence);

    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NaN)]
    public void Without_a_bound_nothing_is_known_of_the_very_value(double bound) =>
        Judge([4, 8], [bound, 0.5], [4, 8])
            .Doubtful.ShouldNotBeNull()
            .ShouldStartWith("g at [0, 0]: errors grow without end");

    [Test]
    public void The_very_value_is_right_however_wide_its_bound()
    {
        var judgement = Judge([4, 8], [9, 0.5], [4, 8]);
        (judgement.Fault, judgement.Worst, judgement.Widest).ShouldBe((null, 0, 0));
    }

    [Test]
    public void An_error_outside_of_a_wide_bound_is_one()
    {
        var judgement = Judge([4, 8], [9, 0.5], [14, 8]);
        judgement.Outside.ShouldBe(1);
        judgement.Widest.ShouldBe(9 * margin / 8);
    }

    [Test]
    public void What_is_not_a_number_is_outside_of_every_bound_but_equals_itself()
    {
        var judgement = Judge([4], [1], [double.NaN]);
        (judgement.Outside, judgement.Worst).ShouldBe((1, double.PositiveInfinity));
        Judge([double.NaN], [1], [double.NaN]).Fault.ShouldBeNull();
        Judge([double.PositiveInfinity], [1], [double.PositiveInfinity]).Fault.ShouldBeNull();
    }

    [Test]
    public void What_lies_outside_comes_before_what_is_not_known_and_the_first_before_the_next()
    {
        var judgement = new Judgement(new(ScalarType.Float32));
        judgement.Open("one");
        judgement.Open("two");
        (judgement.Evidence, judgement.Fault, judgement.Doubtful).ShouldBe((Evidence.Undecided, null, "one"));
        judgement.Missing("h_n");
        judgement.Missing("grad.input");
        (judgement.Evidence, judgement.Fault).ShouldBe((Evidence.Differs, "h_n is missing"));
        judgement.Outside.ShouldBe(2);
        judgement.FaultIn.ShouldBe("h_n");
        judgement.Gradient("g", new(new([1], 1, 1), new([0], 1, 1)), new([2], 1, 1));
        judgement.FaultIn.ShouldBe("h_n");
    }

    // Two steps of two sequences of two units: 10, 11, …, each within 1.
    [TestCase(false, 0, 0, "step 0, row 0")]
    [TestCase(false, 3, 1, "step 1, row 1")]
    [TestCase(true, 1, 1, "step 0, row 1")]
    public void A_state_has_its_place(bool reverse, int row, int unit, string place)
    {
        var states = Numbers(8);
        states[2 * row + unit] += 4;
        var judgement = OfStates(reverse, states, h_n: null);
        (judgement.Elements, judgement.Outside, judgement.Worst, judgement.FaultIn).ShouldBe((8, 1, 4, "output"));
        judgement.Widest.ShouldBe(1 / 17.0, "in parts of the largest of all");
        var direction = reverse ? "reverse" : "forward";
        judgement.Fault.ShouldNotBeNull().ShouldStartWith($"h in layer 0, {direction}, {place}, unit {unit} is ");
    }

    [TestCase(false, "step 0, row 0")]
    [TestCase(true, "step 1, row 0")]
    public void The_first_state_that_was_computed_comes_first(bool reverse, string place) =>
        OfStates(reverse, new double[8], null).Fault.ShouldNotBeNull().ShouldContain(place);

    [TestCase(false, 6)]
    [TestCase(true, 2)]
    public void H_n_is_judged_by_the_last_states(bool reverse, int last)
    {
        double[] h_n = reverse ? Numbers(4) : [.. Numbers(8).Skip(4)];
        var judgement = OfStates(reverse, Numbers(8), h_n);
        (judgement.Elements, judgement.Outside, judgement.Fault).ShouldBe((12, 0, null));
        h_n[2] += 2;
        judgement = OfStates(reverse, Numbers(8), h_n);
        (judgement.Outside, judgement.FaultIn, judgement.Worst).ShouldBe((1, "h_n", 2));
        judgement
            .Fault.ShouldNotBeNull()
            .ShouldBe(
                $"h_n in layer 0, {(reverse ? "reverse" : "forward")}, row 1, unit 0 is {12 + last}, off by 2 from {10 + last}, where rounding is at most 1"
            );
    }

    private static double[] Numbers(int count) => [.. Enumerable.Range(10, count).Select(n => (double)n)];

    private static Judgement OfStates(bool reverse, double[] states, double[]? h_n)
    {
        var (none, rounding) = (new Matrix(new double[4], 2, 2), new Rounding(ScalarType.Float32));
        var layer = new RecordedLayer
        {
            Index = 0,
            Reverse = reverse,
            Slot = 0,
            Rows = new(new RnnCase("", "", 2, 2, new(2, 2))),
            X = new(new double[8], 4, 2),
            W_ih = none,
            W_hh = none,
            H_0 = none,
            Φ = Nonlinearity.Tanh,
            Rounding = rounding,
            States = new(states, 4, 2),
            Enclosures = [.. Numbers(8).Select(n => new Enclosure(n, 1))],
        };
        using var scope = NewDisposeScope();
        return Judgement.Of([layer], h_n is null ? null : tensor(h_n).view(1, 2, 2), rounding);
    }

    private static Judgement Judge(
        double[] values,
        double[] bounds,
        double[] recorded,
        ScalarType type = ScalarType.Float32
    )
    {
        var judgement = new Judgement(new(type));
        var (columns, gradient) = (values.Length, "g");
        judgement.Gradient(
            gradient,
            new(new(values, 1, columns), new(bounds, 1, columns)),
            new(recorded, 1, recorded.Length)
        );
        return judgement;
    }
}
