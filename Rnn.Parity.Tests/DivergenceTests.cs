using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Divergences;
using Rnn.Parity.Mutants;
using Rnn.Scratch;
using Rnn.Scratch.Documents;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>Planted differences: the first divergence names layer, direction, step and term, and what it means.</summary>
public sealed partial class DivergenceTests
{
    private const string Rounding = "the same function in another order of rounding: ";

    // Said where the product of a whole sequence rounds otherwise than those of its steps, which depends on the BLAS.
    private const string StepByStep = "(, W_ih x for one step at a time)?";

    // I = D·H, so that a layer above could read the input of the stack; I = H in one direction.
    private static readonly RnnCase bidirectional = new(
        "planted-bidirectional",
        "three layers of two directions",
        5,
        3,
        new(12, 6, 3, Bidirectional: true, Order: EvaluationOrder.PerStep)
    );

    private static readonly RnnCase square = new(
        "planted-square",
        "every matrix square",
        5,
        3,
        new(6, 6, 3, Order: EvaluationOrder.PerStep)
    );

    // Sums long enough that each order rounds otherwise in some element.
    private static readonly RnnCase wide = new(
        "planted-wide",
        "long sums",
        4,
        5,
        new(40, 32, 2, Bidirectional: true, Order: EvaluationOrder.PerStep)
    );

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_named_with_its_layer_direction_step_and_term(
        RnnCase c,
        string where,
        Func<PlantedStep, Tensor> step,
        string verdict
    ) => Explain(c, where, new(step)).ShouldBe($"began in {verdict}: another function");

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_named_in_float64_as_well(
        RnnCase c,
        string where,
        Func<PlantedStep, Tensor> step,
        string verdict
    ) =>
        Explain(c with { Options = c.Options with { Dtype = ScalarType.Float64 } }, where, new(step))
            .ShouldBe($"began in {verdict}: another function");

    [TestCase(true, false, "the term W_ih x has its steps read forward")]
    [TestCase(false, true, "the states are joined in the wrong order of time")]
    [TestCase(true, true, "the direction is wrong: it runs forward")]
    public void A_wrong_direction_is_named(bool reads, bool joins, string words) =>
        Explain(bidirectional, "l1_reverse", new Plant { ReadsBackwards = reads, JoinsBackwards = joins })
            .ShouldBe($"began in layer 1, reverse, step 4, row 0, unit 0: {words}: another function");

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
                        s.X_t.flip(1).mm(s.W.W_ih.t().flip(0))
                            + s.H.flip(1).mm(s.W.W_hh.t().flip(0))
                            + s.W.B_ih! * 0.5f
                            + s.W.B_hh!
                            + s.W.B_ih! * 0.5f
                    )
                )
            )
            .ShouldNotBeNull()
            .ShouldMatch(
                "^began in layer 1, forward, step .*: within the bound of rounding, by no order that is on the list: not to be told from rounding$"
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
                            Input = t.Input * 4096,
                            Weights = t.Weights.ToDictionary(
                                w => w.Key,
                                w => w.Key.StartsWith("weight_ih", StringComparison.Ordinal) ? w.Value / 4096 : w.Value
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
        Divergence
            .Explain(
                new RnnFactory(
                    "both",
                    o => new PlantedRnn(
                        o,
                        new(s => s.W.W_ih.shape[1] == 40 ? LeftToRight(s) : s.Right(w: s.W with { B_hh = -s.W.B_hh! }))
                    )
                ),
                RnnFactory.RnnCell,
                wide,
                CPU
            )
            .ShouldNotBeNull()
            .ShouldMatch(
                $"^began in layer 1, forward, step 0, row 0, unit 0: the term b_hh is negated: another function\\. Within the bound of rounding the values differ earlier, from layer 0, forward, step 0, .*: {Rounding}added from left to right{StepByStep}$"
            );

    [Test]
    public void A_mistake_in_one_step_alone_is_named_there() =>
        Explain(square, "l1", new(s => s.I == 2 ? s.Φ(s.Sum() - s.W.B_ih!) : s.Right()))
            .ShouldBe("began in layer 1, forward, step 2, row 0, unit 0: the term b_ih is missing: another function");

    [Test]
    public void A_mistake_that_is_not_on_the_list_is_told_with_its_size() =>
        Explain(square, "l1", new(s => s.Right() * 0.75f))
            .ShouldNotBeNull()
            .ShouldMatch(
                @"^began in layer 1, forward, step 0, row 0, unit 0: another function, by no mistake that is on the list: -?0\.\d+ against -?0\.\d+, where rounding is at most \d(\.\d)?E-0\d$"
            );

    [Test]
    public void Another_shape_is_a_sentence()
    {
        Spoilt(square, (output, h_n) => (output.narrow(2, 0, 5), h_n))
            .ShouldBe("began in layer 0: its output is (5, 3, 5), (5, 3, 6) is expected");
        Spoilt(square, (output, h_n) => (output, h_n.narrow(1, 0, 1)))
            .ShouldBe("h_n is (3, 1, 6), (3, 3, 6) is expected");
    }

    [Test]
    public void The_same_bits_need_no_explanation(
        [ValueSource(typeof(RnnFactory), nameof(RnnFactory.Implementations))] RnnFactory f
    )
    {
        Divergence.Explain(f, RnnFactory.RnnCell, bidirectional, CPU).ShouldBeNull();
        var whole = bidirectional with
        {
            Options = bidirectional.Options with { Order = EvaluationOrder.WholeSequence },
        };
        Divergence.Explain(f, RnnFactory.Rnn, whole, CPU).ShouldBeNull();
    }

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public void Every_layout_is_traced_in_nn_RNN_as_well(bool batchFirst, bool unbatched)
    {
        var c = square with
        {
            B = unbatched ? 1 : 3,
            Unbatched = unbatched,
            Options = square.Options with { BatchFirst = batchFirst },
        };
        var wrong = new RnnFactory("planted", o => new PlantedRnn(o, new(s => s.Right(h: s.Back(2))) { Where = "l2" }));
        Divergence
            .Explain(wrong, RnnFactory.Rnn, c, CPU)
            .ShouldNotBeNull()
            .ShouldStartWith(
                "began in layer 2, forward, step 1, row 0, unit 0: the term W_hh h has h_{t−2} for h_{t−1}: another function"
            );
    }

    [TestCase(0.3, true)]
    [TestCase(0.3, false)]
    [TestCase(1, true)]
    public void Dropout_is_traced_as_it_was_run(double dropout, bool evaluation)
    {
        var c = bidirectional with
        {
            Evaluation = evaluation,
            Options = bidirectional.Options with { Dropout = dropout },
        };
        Explain(c, "l2_reverse", new(s => s.Right(w: s.W with { B_hh = null })))
            .ShouldBe("began in layer 2, reverse, step 4, row 0, unit 0: the term b_hh is missing: another function");
        Divergence.Explain(RnnFactory.Implementations[0], RnnFactory.RnnCell, c, CPU).ShouldBeNull();
    }

    [Test]
    public void A_packed_sequence_is_traced_by_itself() =>
        Explain(
                bidirectional with
                {
                    Lengths = [1, 5, 3],
                    EnforceSorted = false,
                },
                "l1",
                new(s => s.I == 2 ? s.Φ(s.Sum() - s.W.B_ih!) : s.Right())
            )
            .ShouldBe(
                "sequence 1 of the packed ones alone: began in layer 1, forward, step 2, row 0, unit 0: the term b_ih is missing: another function"
            );

    [Test]
    public void A_mistake_in_a_layout_is_traced_in_it() =>
        Divergence
            .Explain(
                new("contiguous only", o => new SpoiltByLayout(o)),
                RnnFactory.RnnCell,
                square with
                {
                    InputLayout = Layout.Transposed,
                },
                CPU
            )
            .ShouldNotBeNull()
            .ShouldStartWith("began in layer 0, forward, step 0, row 0, unit 0");

    [Test]
    public void A_reference_of_lower_precision_is_named_as_such() =>
        Divergence
            .Explain(RnnFactory.RnnCell, Planted("l1", new(Rounded(LowerPrecisionOf.BFloat16, true, true))), wide, CPU)
            .ShouldBe(
                "began in layer 1, forward, step 0, row 0, unit 0, in planted: lower precision: the operands of W_ih x and W_hh h are rounded to bfloat16"
            );

    // The state of the reverse direction is taken from the end of the sequence, which it read first.
    [Test]
    public void A_wrong_final_state_is_told_from_wrong_states() =>
        Spoilt(
                bidirectional,
                (output, h_n) =>
                    (output, cat([h_n.narrow(0, 0, h_n.shape[0] - 1), output.narrow(0, 4, 1).narrow(2, 6, 6)], 0))
            )
            .ShouldBe(
                "every state is identical, and h_n is not: layer 2, reverse, row 0, unit 0: it is the state of step 4, not of 0"
            );

    [Test]
    public void A_document_that_adds_from_left_to_right_is_recognised() =>
        Divergence
            .Explain(new(nameof(LeftToRightRnn), o => new LeftToRightRnn(o)), RnnFactory.RnnCell, wide, CPU)
            .ShouldNotBeNull()
            .ShouldMatch($": {Rounding}added from left to right{StepByStep}$");

    [Test]
    public void What_is_not_a_number_or_infinite_is_so_in_any_order(
        [Values(double.NaN, double.PositiveInfinity)] double x
    ) =>
        Explain(
                square with
                {
                    Refine = t =>
                    {
                        t.Input.select(0, 1).select(0, 0).fill_(x);
                        return t;
                    },
                },
                "l1",
                new(s => s.Right(w: s.W with { W_hh = s.W.W_hh.t() }))
            )
            .ShouldBe(
                "began in layer 1, forward, step 0, row 0, unit 0: the term W_hh h has W_hh transposed: another function"
            );

    [Test]
    public void The_steps_of_bfloat16_are_judged_by_its_own_bound() =>
        Explain(
                square with
                {
                    Options = square.Options with { Dtype = ScalarType.BFloat16 },
                },
                "l2",
                new(s => s.Right() * -1)
            )
            .ShouldNotBeNull()
            .ShouldStartWith("began in layer 2, forward, step 0, row 0, unit ");

    [Test]
    public void No_order_of_rounding_leaves_the_bound([ValueSource(nameof(Shapes))] RnnCase c)
    {
        var sentence = Divergence.Explain(
            new(nameof(LeftToRightRnn), o => new LeftToRightRnn(o)),
            RnnFactory.Rnn,
            c,
            CPU
        );
        (sentence ?? Rounding).ShouldContain(Rounding);
        (sentence ?? Rounding).ShouldNotContain("another function");
    }

    private static IEnumerable<RnnCase> Shapes() =>
        ContractCases.All.Where(c => c.T is 30 or 7 or 20 && c.Id.StartsWith("shape", StringComparison.Ordinal));

    private static string Name(string where) =>
        $"layer {where[1]}, {(where.EndsWith("_reverse", StringComparison.Ordinal) ? "reverse" : "forward")}";

    private static string Escape(string text) => System.Text.RegularExpressions.Regex.Escape(text);

    private static RnnFactory Planted(string where, Plant plant) =>
        new("planted", o => new PlantedRnn(o, plant with { Where = where }));

    private static string? Spoilt(RnnCase c, Func<Tensor, Tensor, (Tensor, Tensor)> spoil) =>
        Explain(c, "", new Plant { Results = (_, output, h_n) => spoil(output, h_n) });

    private static string? Explain(RnnCase c, string where, Plant plant) =>
        Divergence.Explain(Planted(where, plant), RnnFactory.RnnCell, c, CPU);

    private static TestCaseData Row(RnnCase c, string where, Func<PlantedStep, Tensor> step, string verdict) =>
        new TestCaseData(c, where, step, verdict).SetArgDisplayNames(verdict);

    private static TestCaseData Row(string where, Func<PlantedStep, Tensor> step, string words) =>
        new TestCaseData(where, step, words).SetArgDisplayNames(where, words);

    // Reads an input that is not contiguous as if it were, in the order of memory.
    private sealed class SpoiltByLayout(RnnOptions options)
        : CellRnn<LinearRnnCell>(
            nameof(SpoiltByLayout),
            options,
            o => new LinearRnnCell(o.InputSize, o.HiddenSize, o.NonLinearity, o.Bias, o.Device, o.Dtype)
        )
    {
        protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
        {
            var h = h_0;
            var wrong = x.Data.is_contiguous() ? x : x with { Data = x.Data + 1 };
            return [.. wrong.Steps(reverse).Select(x_t => h = Cell(suffix).call(x_t, h))];
        }
    }
}
