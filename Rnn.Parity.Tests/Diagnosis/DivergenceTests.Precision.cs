using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Tests.Mutants;
using Rnn.Parity.Tests.Scratch;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Diagnosis;

/// <summary>The same function in another order of rounding or in lower precision is told from another function.</summary>
public sealed partial class DivergenceTests
{
    private const string Rounding = "the same function in another order of rounding: ";

    // Said where the product of a whole sequence rounds otherwise than those of its steps, which depends on the BLAS.
    private const string StepByStep = "(, W_ih x for one step at a time)?";

    // Sums long enough that each order rounds otherwise in some element.
    private static readonly RnnCase wide = new(
        "planted-wide",
        "long sums",
        4,
        5,
        new(40, 32, 2, Bidirectional: true, Order: EvaluationOrder.PerStep)
    );

    [TestCaseSource(nameof(OrdersOfRounding))]
    public void Another_order_of_rounding_is_named(string where, Func<PlantedStep, Tensor> step, string words)
    {
        var explanation = Explain(wide, where, new(step));
        if (words == OneFeatureAfterTheOther && ProductsAreOneByOne())
            explanation.ShouldBeNull("the BLAS itself adds so");
        else
            explanation
                .ShouldNotBeNull()
                .ShouldMatch($"^began in {Name(where)}, step .*: {Escape(Rounding + words)}{StepByStep}$");
    }

    [Test]
    public void An_order_that_is_not_on_the_list_is_within_the_bound() =>
        Explain(
                wide,
                "l1",
                new(s =>
                    s.Φ(
                        s.X_t.flip(1)
                            .mm(s.W.W_ih.t().flip(0))
                            .Plus(s.H.flip(1).mm(s.W.W_hh.t().flip(0)))
                            .Plus(s.W.B_ih!.Times(0.5))
                            .Plus(s.W.B_hh!)
                            .Plus(s.W.B_ih!.Times(0.5))
                    )
                )
            )
            .ShouldNotBeNull()
            .ShouldMatch(
                "^began in layer 1, forward, step .*: within the bound of rounding, by no order that is on the list: indistinguishable from rounding$"
            );

    [TestCaseSource(nameof(LowerPrecisions))]
    public void Lower_precision_is_named_with_its_term(string where, Func<PlantedStep, Tensor> step, string words) =>
        Explain(wide, where, new(step))
            .ShouldNotBeNull()
            .ShouldMatch(
                $"^began in {Name(where)}, step {(where.EndsWith('e') ? 3 : 0)}, row 0, unit 0: lower precision: {words}$"
            );

    [TestCase(LowerPrecisionOf.TF32, "TF32")]
    [TestCase(LowerPrecisionOf.Float16, "float16")]
    public void TF32_and_float16_are_told_apart_by_values_that_are_small_for_float16(
        LowerPrecisionOf format,
        string name
    ) =>
        Explain(
                wide with
                {
                    Refine = t =>
                        t with
                        {
                            Input = t.Input.Times(4096),
                            Weights = t.Weights.ToDictionary(
                                w => w.Key,
                                w =>
                                    w.Key.StartsWith("weight_ih", StringComparison.Ordinal)
                                        ? w.Value.Over(4096)
                                        : w.Value
                            ),
                        },
                },
                "l0_reverse",
                new(Rounded(format, true, false))
            )
            .ShouldBe(
                $"began in layer 0, reverse, step 3, row 0, unit 0: lower precision: the operands of W_ih x are rounded to {name}"
            );

    [Test]
    public void Float32_in_a_run_of_float64_is_lower_precision() =>
        Explain(
                wide with
                {
                    Options = wide.Options with { Dtype = ScalarType.Float64 },
                },
                "l1",
                new(s => s.Right(h: Float32(s.H), w: s.W with { W_hh = Float32(s.W.W_hh) }))
            )
            .ShouldBe(
                "began in layer 1, forward, step 0, row 0, unit 0: lower precision: the operands of W_hh h are rounded to float32"
            );

    [Test]
    public void A_mistake_above_another_order_of_rounding_is_not_hidden_by_it() =>
        Explain(
                new RnnFactory(
                    "both",
                    o => new PlantedRnn(
                        o,
                        new(s => s.W.W_ih.shape[1] == 40 ? LeftToRight(s) : s.Right(w: s.W with { B_hh = -s.W.B_hh! }))
                    )
                ),
                RnnFactory.RnnCell,
                wide
            )
            .ShouldNotBeNull()
            .ShouldMatch(
                $"^began in layer 1, forward, step 0, row 0, unit 0: the term b_hh is negated: another function\\. Within the bound of rounding the values differ earlier, from layer 0, forward, step 0, .*: {Rounding}added from left to right{StepByStep}$"
            );

    [Test]
    public void A_reference_of_lower_precision_is_named_as_such() =>
        Explain(RnnFactory.RnnCell, Planted("l1", new(Rounded(LowerPrecisionOf.BFloat16, true, true))), wide)
            .ShouldBe(
                "began in layer 1, forward, step 0, row 0, unit 0, in planted: lower precision: the operands of W_ih x and W_hh h are rounded to bfloat16"
            );

    [Test]
    public void A_document_that_adds_from_left_to_right_is_recognised() =>
        Explain(new(nameof(LeftToRightRnn), o => new LeftToRightRnn(o)), RnnFactory.RnnCell, wide)
            .ShouldNotBeNull()
            .ShouldMatch($": {Rounding}added from left to right{StepByStep}$");

    [Test]
    public void The_steps_of_bfloat16_are_judged_by_its_own_bound() =>
        Explain(
                square with
                {
                    Options = square.Options with { Dtype = ScalarType.BFloat16 },
                },
                "l2",
                new(s => -s.Right())
            )
            .ShouldNotBeNull()
            .ShouldStartWith("began in layer 2, forward, step 0, row 0, unit ");

    [Test]
    public void No_order_of_rounding_leaves_the_bound([ValueSource(nameof(Shapes))] RnnCase c)
    {
        var mine = new RnnFactory(nameof(LeftToRightRnn), o => new LeftToRightRnn(o));
        if (Explain(mine, RnnFactory.Rnn, c) is not { } sentence)
        {
            // so many sums of four terms do not all round alike in two orders
            (c.Options.Bias && c.B > 1).ShouldBeFalse();
            using var scope = NewDisposeScope();
            var tensors = c.Draw();
            var (ours, theirs) = (RnnRun.Of(mine, c, tensors, CPU), RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU));
            foreach (var name in (string[])["output", "h_n"])
                TensorComparison.Compare(name, ours[name], theirs[name]).ShouldBeNull();
            return;
        }
        // A BLAS whose bits depend on the alignment of its operands does not give them again for copies of the operands.
        sentence.ShouldMatch($"{Escape(Rounding)}|within the bound of rounding, by no order that is");
        sentence.ShouldNotMatch("another function|lower precision");
    }

    private static IEnumerable<RnnCase> Shapes() =>
        ContractCases.All.Where(c => c.T is 30 or 7 or 20 && c.Id.StartsWith("shape", StringComparison.Ordinal));

    private static string Escape(string text) => System.Text.RegularExpressions.Regex.Escape(text);
}
