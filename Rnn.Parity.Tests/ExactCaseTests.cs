using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Exact;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests;

/// <summary>The cases in which nothing rounds: everyone has the bits of the oracle of integers.</summary>
[NonParallelizable]
public sealed partial class ExactCaseTests
{
    private static readonly Lazy<IReadOnlyList<RnnCase>> all = new(() => [.. ExactCase.All(1)]);

    /// <summary>Theorems 1, 2 and 3: no order of evaluation rounds, so all have the oracle's bits.</summary>
    [TestCaseSource(nameof(Numbers))]
    public void Everyone_has_the_bits_of_the_oracle(int number)
    {
        var c = Computed(all.Value[number]);
        var findings = ExactJob.Run(c, CPU);
        findings.Count.ShouldBe(18);
        foreach (var finding in findings)
            finding.Evidence.ShouldBe(Evidence.Exact, finding.Explanation);
    }

    /// <summary>Theorems 1 and 2: which thread adds what is an order of evaluation too.</summary>
    [Test]
    public void One_thread_or_two_give_the_same_bits([Values(1, 2)] int threads)
    {
        var before = get_num_threads();
        set_num_threads(threads);
        try
        {
            foreach (var c in all.Value.Where((_, i) => i % 16 == 0).Append(Large))
                foreach (var finding in ExactJob.Run(c, CPU))
                    finding.Evidence.ShouldBe(Evidence.Exact, finding.Explanation);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    /// <summary>Theorems 1, 2 and 3: so is a GPU's.</summary>
    [TestCaseSource(nameof(Numbers))]
    [Category("Cuda")]
    public void On_a_GPU_everyone_has_the_bits_of_the_oracle(int number)
    {
        var cuda = RunsOn.Cuda();
        foreach (var finding in ExactJob.Run(all.Value[number], cuda))
            finding.Evidence.ShouldBe(Evidence.Exact, finding.Explanation);
    }

    [Test]
    public void There_are_at_least_500_on_every_machine()
    {
        var cases = all.Value;
        var computed = cases.Where(c => c.Options.Dtype != ScalarType.Float16).ToList();
        computed.Count.ShouldBeGreaterThanOrEqualTo(500);
        cases.Select(c => c.Id).Distinct().Count().ShouldBe(ExactCase.Count);
        foreach (var group in cases.GroupBy(c => (c.Options.Dtype, c.Options.NonLinearity)))
            TestContext.Out.WriteLine(
                $"{group.Count()} cases in {group.Key}, {group.Sum(c => c.Rejections)} draws refused"
            );
    }

    // Products that more than one thread computes.
    private static RnnCase Large { get; } =
        new(
            "exact-large",
            "products that more than one thread computes",
            2,
            16,
            new(64, 64, NonLinearity: NonLinearities.ReLU, Dtype: ScalarType.Float64)
        )
        {
            Refine = IntegerTensors.Of,
        };

    private static IEnumerable<int> Numbers => Enumerable.Range(0, ExactCase.Count);

    private static RnnCase Computed(RnnCase c)
    {
        if (!Dtypes.Computed.Contains(c.Options.Dtype!.Value))
            Assert.Ignore($"libtorch does not compute an RNN in {c.Options.Dtype} on this machine's CPU");
        return c;
    }
}
