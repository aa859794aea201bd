using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Tests.Mutants;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Diagnosis;

/// <summary>The message of a difference is a product: its text is pinned.</summary>
[MutationOf("parity")]
public sealed class ExplanationTests
{
    [Test]
    public void It_names_the_count_and_the_worst_element()
    {
        using var scope = NewDisposeScope();
        var expected = tensor([.. Enumerable.Range(1, 12).Select(i => (float)i)], [3, 2, 2]);
        var actual = expected.clone();
        actual.select(0, 1).select(0, 1).select(0, 0).copy_(tensor(7.5f));
        actual.select(0, 2).select(0, 0).select(0, 1).copy_(tensor(2f));

        Explain("output", actual, expected)
            .ShouldBe(
                """
                case-7: ParameterRnn differs from nn.RNN on cpu
                  output differs in 2 of 12 elements, worst at [2, 0, 1]: 2 against 10
                """
            );
    }

    [Test]
    public void It_says_what_cannot_be_compared()
    {
        using var scope = NewDisposeScope();
        Explain("h_n", zeros(1, 2), zeros(1, 1, 2))
            .ShouldBe(
                """
                case-7: ParameterRnn differs from nn.RNN on cpu
                  h_n is (1, 2), (1, 1, 2) is expected
                """
            );
    }

    [Test]
    public void It_says_when_there_is_no_distance()
    {
        using var scope = NewDisposeScope();
        Explain("h_n", tensor(new[] { float.NaN }), tensor(new[] { -0.25f }))
            .ShouldBe(
                """
                case-7: ParameterRnn differs from nn.RNN on cpu
                  h_n differs in 1 of 1 elements, worst at [0]: NaN against -0.25, no ULP distance
                """
            );
    }

    [Test]
    public void A_quantity_on_one_side_only_is_a_difference()
    {
        using var scope = NewDisposeScope();
        var both = new Dictionary<string, Tensor> { ["output"] = zeros(1), ["grad.h_0"] = zeros(1) };
        var one = new Dictionary<string, Tensor> { ["output"] = zeros(1) };
        Parity.Compare("case-7", one, both).Explanation.ShouldBe("case-7\n  grad.h_0 is missing");
        Parity.Compare("case-7", both, one).Explanation.ShouldBe("case-7\n  grad.h_0 is not in the reference");
    }

    [Test]
    public void A_wrong_RNN_is_explained_from_its_first_step()
    {
        var c = new RnnCase("wrong", "for the message", 4, 1, new RnnOptions(1, 2));
        var wrong = new RnnFactory(
            "negated bias",
            o => new PlantedRnn(o, new(s => s.Right(w: s.W with { B_ih = -s.W.B_ih!, B_hh = -s.W.B_hh! })))
        );
        var finding = Parity.Of(wrong, RnnFactory.Rnn, c, CPU);
        finding.Holds.ShouldBeFalse();
        finding.Explanation.ShouldNotBeNull();
        finding.Explanation.ShouldStartWith(
            "wrong (T 4, B 1, I 1, H 2, Tanh, bias, Float32): negated bias differs from nn.RNN on cpu\n  output differs in 8 of 8 elements"
        );
        finding.Explanation.ShouldContain("began in layer 0, forward, step 0, row 0, unit 0");
    }

    private static string Explain(string quantity, Tensor actual, Tensor expected) =>
        Parity
            .Compare(
                "case-7: ParameterRnn differs from nn.RNN on cpu",
                new Dictionary<string, Tensor> { [quantity] = actual },
                new Dictionary<string, Tensor> { [quantity] = expected }
            )
            .Explanation!.ReplaceLineEndings("\n");
}
