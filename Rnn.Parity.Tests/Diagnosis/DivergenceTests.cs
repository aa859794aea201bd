using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Diagnosis;
using Rnn.Parity.Tests.Mutants;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Diagnosis;

/// <summary>Planted differences: the first divergence names layer, direction, step and term, and what it means.</summary>
[MutationOf("parity")]
public sealed partial class DivergenceTests
{
    // I = D·H, so that a layer above could read the input of the stack; I = H in one direction.
    internal static readonly RnnCase bidirectional = new(
        "planted-bidirectional",
        "three layers of two directions",
        5,
        3,
        new(12, 6, 3, Bidirectional: true, Order: EvaluationOrder.PerStep)
    );

    internal static readonly RnnCase square = new(
        "planted-square",
        "every matrix square",
        5,
        3,
        new(6, 6, 3, Order: EvaluationOrder.PerStep)
    );

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_named_with_its_layer_direction_step_and_term(
        RnnCase c,
        string where,
        Func<PlantedStep, Tensor> step,
        string verdict
    ) => Explain(c, where, new(step)).ShouldBe($"began in {verdict}: another function");

    private static IEnumerable<TestCaseData> InFloat64()
    {
        var step = Extent.Every(7, "mistakes that are named in float64 as well");
        return Mistakes().Where((_, i) => i % step == 0);
    }

    [TestCaseSource(nameof(InFloat64))]
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

    [Test]
    public void Directions_that_have_changed_places_at_the_top_are_named() =>
        Spoilt(bidirectional, static (output, h_n) => (cat([.. output.chunk(2, -1).Reverse()], -1), h_n))
            .ShouldBe(
                "where it began is not known, since a stack of fewer layers has other states: it shows in layer 2, forward, step 0, row 0, unit 0: the directions are joined in the wrong order: another function"
            );

    [Test]
    public void A_mistake_in_one_step_alone_is_named_there() =>
        Explain(square, "l1", new(s => s.I == 2 ? s.Φ(s.Sum() - s.W.B_ih!) : s.Right()))
            .ShouldBe(
                "began in layer 1, forward, step 2, row 0, unit 0: the term b_ih is missing, in this step alone: another function"
            );

    [Test]
    public void A_mistake_in_some_steps_is_not_told_of_one_alone() =>
        Explain(square, "l1", new(s => s.I % 2 == 0 ? s.Φ(s.Sum() - s.W.B_ih!) : s.Right()))
            .ShouldBe(
                "began in layer 1, forward, step 0, row 0, unit 0: the term b_ih is missing, in this step; what follows is explained neither by that nor by the equation: another function"
            );

    [Test]
    public void A_mistake_that_is_not_on_the_list_is_told_with_its_size() =>
        Explain(square, "l1", new(s => s.Right().Times(0.75)))
            .ShouldNotBeNull()
            .ShouldMatch(
                @"^began in layer 1, forward, step 0, row 0, unit 0: another function, by no mistake that is on the list: -?0\.\d+ against -?0\.\d+, where rounding is at most \d(\.\d)?E-0\d$"
            );

    [Test]
    public void Another_shape_is_a_sentence()
    {
        Should
            .Throw<RunException>(() => Spoilt(square, (output, h_n) => (output.narrow(2, 0, 5), h_n)))
            .Message.ShouldEndWith(": output is (5, 3, 5), (5, 3, 6) is expected");
        Should
            .Throw<RunException>(() => Spoilt(square, (output, h_n) => (output, h_n.narrow(1, 0, 1))))
            .Message.ShouldEndWith(": h_n is (1, 1, 6), (1, 3, 6) is expected");
    }

    // The state of the reverse direction is taken from the end of the sequence, which it read first.
    [Test]
    public void A_wrong_final_state_is_told_from_wrong_states() =>
        Spoilt(
                bidirectional,
                (output, h_n) =>
                    (output, cat([h_n.narrow(0, 0, h_n.shape[0] - 1), output.narrow(0, 4, 1).narrow(2, 6, 6)], 0))
            )
            .ShouldBe(
                "h_n is not the last state: layer 2, reverse, row 0, unit 0: it is the state of step 4, not of 0"
            );

    [Test]
    public void What_is_not_a_number_or_infinite_is_so_in_any_order(
        [Values(double.NaN, double.PositiveInfinity)] double x
    ) =>
        Explain(
                square with
                {
                    Refine = t =>
                    {
                        t.Input.select(0, 1).select(0, 0).copy_(tensor(x));
                        return t;
                    },
                },
                "l1",
                new(s => s.Right(w: s.W with { W_hh = s.W.W_hh.t() }))
            )
            .ShouldBe(
                "began in layer 1, forward, step 0, row 0, unit 0: the term W_hh h has W_hh transposed: another function"
            );

    private static string Name(string where) =>
        $"layer {where[1]}, {(where.EndsWith("_reverse", StringComparison.Ordinal) ? "reverse" : "forward")}";

    private static RnnFactory Planted(string where, Plant plant) =>
        new("planted", o => new PlantedRnn(o, plant with { Where = where }));

    private static string? Spoilt(RnnCase c, Func<Tensor, Tensor, (Tensor, Tensor)> spoil) =>
        Explain(c, "", new Plant { Results = (_, output, h_n) => spoil(output, h_n) });

    internal static string? Explain(RnnCase c, string where, Plant plant) =>
        Explain(Planted(where, plant), RnnFactory.RnnCell, c);

    internal static string? Explain(RnnFactory subject, RnnFactory reference, RnnCase c)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        return Divergence.Find(new(subject, c, tensors, CPU), new(reference, c, tensors, CPU))?.Sentence;
    }

    private static TestCaseData Row(RnnCase c, string where, Func<PlantedStep, Tensor> step, string verdict) =>
        new TestCaseData(c, where, step, verdict).SetArgDisplayNames(verdict);

    private static TestCaseData Row(string where, Func<PlantedStep, Tensor> step, string words) =>
        new TestCaseData(where, step, words).SetArgDisplayNames(where, words);
}
