using NUnit.Framework;
using Rnn.Parity.Comparison;
using Rnn.Parity.Documents;
using Rnn.Scratch.Documents;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>The five documents: their numbers computed again, their differences proven, their shapes kept.</summary>
[NonParallelizable]
public sealed class DocumentTests
{
    [TestCaseSource(nameof(Published))]
    public void Published_numbers_follow(Check check)
    {
        var finding = check.Run();
        finding.Elements.ShouldBeGreaterThan(0);
        finding.Holds.ShouldBeTrue(finding.Explanation);
    }

    [TestCaseSource(nameof(Differences))]
    public void Differences_are_proven(Check check)
    {
        var finding = check.Run();
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Holds.ShouldBeTrue(finding.Explanation);
    }

    [Test]
    public void Document_001_is_off_by_0_166_from_the_true_recurrence() =>
        DifferenceChecks.NoRecurrence().Detail.ShouldContain("off by up to 0.166 from nn.RNN");

    [Test]
    public void A_wrong_digit_is_named()
    {
        using var scope = NewDisposeScope();
        var values = PublishedNumbers.Of("003").Values("w_e");
        values[2] += 0.0001f;
        var finding = PublishedNumbers.Of("003").Compare(("w_e", tensor(values)));
        finding.Holds.ShouldBeFalse();
        finding.Explanation.ShouldBe("document 003\n  w_e[2, 0] is 0.4516, 0.4515 is published");
    }

    [Test]
    public void A_missing_number_is_named()
    {
        using var scope = NewDisposeScope();
        PublishedNumbers
            .Of("003")
            .Compare(("w_e", zeros(3)))
            .Explanation.ShouldBe("document 003\n  w_e has 3 values, document 003 prints 4");
    }

    [Test]
    public void A_state_of_002_outside_its_bound_is_named()
    {
        Recurrence002.Certify([1, 1], [3, 6]).Holds.ShouldBeTrue();
        var finding = Recurrence002.Certify([1, 1], [3, 6.0001]);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldStartWith("document 002: state 1 is 6.0001, off by 1.00E-004 where at most");
    }

    [TestCase(4, 1)]
    [TestCase(3, 5)]
    public void Document_000_takes_two_steps_from_zero(long inputs, long neurons)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        using var rnn = new TwoStepRnn(inputs, neurons, generator);
        var (x0, x1) = (ones(4, inputs) / 8, zeros(4, inputs));
        var (y0, y1) = rnn.Forward(x0, x1);
        y0.shape.ShouldBe([4, neurons]);
        TensorComparison.Compare("y0", y0, mm(x0, rnn.Wx).tanh()).ShouldBeNull();
        TensorComparison.Compare("y1", y1, mm(y0, rnn.Wy).tanh()).ShouldBeNull();
    }

    [Test]
    public void Document_000_adds_its_bias_in_both_steps_and_reads_both_inputs()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var rnn = new TwoStepRnn(3, 5, generator);
        rnn.B.uniform_(-1, 1, generator);
        var (x0, x1) = (randn(4, 3, generator: generator), randn(4, 3, generator: generator));
        var (y0, y1) = rnn.Forward(x0, x1);
        TensorComparison.Compare("y0", y0, (mm(x0, rnn.Wx) + rnn.B).tanh()).ShouldBeNull();
        TensorComparison.Compare("y1", y1, (mm(y0, rnn.Wy) + mm(x1, rnn.Wx) + rnn.B).tanh()).ShouldBeNull();
    }

    [Test]
    public void Document_003_goes_on_from_the_last_state_of_its_history()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var rnn = new TensorHistoryRnn(4, 1, generator);
        var e = randn(1, 4, generator: generator);
        for (var step = 1; step <= 3; step++)
        {
            var before = rnn.HiddenStates[^1];
            var h = rnn.Forward(e);
            rnn.HiddenStates.Count.ShouldBe(step + 1);
            TensorComparison.Compare("h", h, (mm(before, rnn.Wh) + mm(e, rnn.We).tanh()).tanh()).ShouldBeNull();
        }
    }

    [Test]
    public void Document_000_prints_the_weight_of_its_one_neuron()
    {
        using var scope = NewDisposeScope();
        using var rnn = new TwoStepRnn(4, 1);
        rnn.Wx.fill_(1);
        rnn.Wy.fill_(Math.Atanh(-0.9544));
        var (y0, y1) = rnn.Forward(full(1, 4, 9f), zeros(1, 4));
        y0.item<float>().ShouldBe(1);
        y1.item<float>().ToString("F4", System.Globalization.CultureInfo.InvariantCulture).ShouldBe("-0.9544");
    }

    [Test]
    public void Document_001_cannot_tell_whether_a_state_of_two_units_is_true()
    {
        using var scope = NewDisposeScope();
        using var rnn = new ScalarBiasRnn(2, 2);
        Should
            .Throw<ArgumentException>(() => rnn.Forward(zeros(3, 2), zeros(1, 2)))
            .Message.ShouldBe("h has 2 elements, and only a tensor of one is true or false");
    }

    [Test]
    public void Document_003_finds_a_word_by_its_index()
    {
        using var scope = NewDisposeScope();
        var E = arange(0, 20, ScalarType.Float32).view(4, 5);
        WordStep
            .Embedding(E, 2)
            .reshape(-1)
            .cpu()
            .contiguous()
            .bytes.ToArray()
            .ShouldBe(tensor(new float[] { 2, 7, 12, 17 }).bytes.ToArray());
        Should
            .Throw<ArgumentException>(() => WordStep.Embedding(E, 5))
            .Message.ShouldBe("index is 5, the embedding has words 0 to 4");
    }

    [Test]
    public void Document_004_has_shapes_and_a_start_of_its_own()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        using var rnn = new OutputHeadRnn(5, 20, 10);
        rnn.ResetParameters(generator);
        var (y, h) = rnn.call(ones(5), zeros(20));
        y.shape.ShouldBe([10]);
        h.shape.ShouldBe([20]);
        rnn.parameters().ShouldAllBe(p => p.abs().max().item<float>() <= 1);
        y.abs()
            .max()
            .item<float>()
            .ShouldBeGreaterThan(1, "an output with tanh, as the document's text has it, would not exceed 1");
    }

    private static IEnumerable<TestCaseData> Published() =>
        PublishedChecks.All.Select(c => new TestCaseData(c).SetArgDisplayNames(c.Case, c.Subject));

    private static IEnumerable<TestCaseData> Differences() =>
        DifferenceChecks.All.Select(c => new TestCaseData(c).SetArgDisplayNames(c.Case));
}
