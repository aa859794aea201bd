using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Exact;
using Rnn.Parity.Tests.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Exact;

/// <summary>
/// The cases in which nothing rounds: everyone has the bits of the oracle of integers. The theorems are those of docs/exact.md.
/// </summary>
public sealed partial class ExactCaseTests
{
    private static readonly Lazy<IReadOnlyList<RnnCase>> all = new(() => [.. Everyone.Cases(1)]);

    /// <summary>Theorems 1, 2 and 3: no order of evaluation rounds, so all have the oracle's bits.</summary>
    [TestCaseSource(nameof(Numbers))]
    public void Everyone_has_the_bits_of_the_oracle(int number)
    {
        var c = Computed(Everyone.Of(1, number));
        var findings = Everyone.Run(c, CPU);
        findings.Count.ShouldBe(14);
        foreach (var finding in findings)
            finding.Evidence.ShouldBe(Evidence.Exact, finding.Explanation);
    }

    /// <summary>Theorems 1, 2 and 3: so is a GPU's.</summary>
    [Test]
    [Category("Cuda")]
    public void On_a_GPU_everyone_has_the_bits_of_the_oracle()
    {
        var cuda = RunsOn.Cuda();
        foreach (var finding in all.Value.SelectMany(c => Everyone.Run(c, cuda)))
            finding.Evidence.ShouldBe(Evidence.Exact, finding.Explanation);
    }

    [Test]
    public void A_case_can_be_found_by_its_id_alone()
    {
        foreach (var c in ExactCase.Sample(1, 50))
        {
            using var scope = NewDisposeScope();
            var again = ExactCase.Find(c.Id).ShouldNotBeNull();
            (again.ToString(), again.Reason, again.Rejections).ShouldBe((c.ToString(), c.Reason, c.Rejections));
            BackwardPassTests.Values(again.Draw().Input).ShouldBe(BackwardPassTests.Values(c.Draw().Input));
        }
        ExactCase.Find("e2-0000")!.Draw().Input.shape.ShouldNotBeEmpty();
    }

    [TestCase("e1-0480")]
    [TestCase("w1-0000")]
    [TestCase("e1-42")]
    [TestCase("m1-0042")]
    [TestCase("")]
    public void What_is_not_an_id_is_not_found(string id) => ExactCase.Find(id).ShouldBeNull();

    /// <summary>A wide case is not chosen by its gate, which would spoil theorem 4's uniform draw; it passes nonetheless.</summary>
    [Test]
    [Long("draws every case twice")]
    public void Every_case_can_tell_mistakes_apart()
    {
        foreach (var c in all.Value)
        {
            using var scope = NewDisposeScope();
            ExactGate.Passes(c, c.Draw()).ShouldBeTrue(c.ToString());
        }
    }

    [Test]
    [Long("draws every case")]
    public void There_are_at_least_500_on_every_machine()
    {
        var cases = all.Value;
        var computed = cases.Where(c => c.Options.Dtype != ScalarType.Float16).ToList();
        computed.Count.ShouldBeGreaterThanOrEqualTo(500);
        cases.Select(c => c.Id).Distinct().Count().ShouldBe(Everyone.Count);
        foreach (var group in cases.GroupBy(c => (c.Options.Dtype, c.Options.NonLinearity)))
            TestContext.Out.WriteLine(
                $"{group.Count()} cases in {group.Key}, {group.Sum(c => c.Rejections)} draws refused"
            );
    }

    // Prime to the numbers of options, which the cases count through.
    private static IEnumerable<TestCaseData> Numbers =>
        Extent.Sample(Enumerable.Range(0, Everyone.Count), every: 29, "cases in which nothing rounds");

    private static RnnCase Computed(RnnCase c)
    {
        if (!Dtypes.Computed.Contains(c.Options.Dtype!.Value))
            Assert.Ignore($"libtorch does not compute an RNN in {c.Options.Dtype} on this machine's CPU");
        return c;
    }
}
