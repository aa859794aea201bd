using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Machine;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Exact;

/// <summary>The number of threads changes no bit where nothing rounds.</summary>
[NonParallelizable]
public sealed class ExactThreadTests
{
    // A product that is large enough for a BLAS to give it to more than one thread: 2¹⁹ multiplications a step.
    private static readonly RnnCase large = new(
        "exact-large",
        "products that more than one thread computes",
        2,
        32,
        new(128, 128, NonLinearity: NonLinearities.ReLU, Dtype: ScalarType.Float64)
    )
    {
        Refine = IntegerTensors.Of,
    };

    /// <summary>Theorems 1 and 2: which thread adds what is an order of evaluation too.</summary>
    [TestCase(2)]
    [LongCase(1)]
    public void One_thread_or_two_have_the_bits_of_the_oracle(int threads)
    {
        using var both = new Threads(threads);
        get_num_threads().ShouldBe(threads);
        foreach (
            var c in Enumerable
                .Range(0, Everyone.Count)
                .Where(number => number % 97 == 0)
                .Take(Extent.Of(6, 2, "cases by one thread and by two"))
                .Select(number => Everyone.Of(1, number))
                .Where(c => Dtypes.Computed.Contains(c.Dtype))
                .Append(large)
        )
        foreach (var finding in Everyone.Run(c, CPU))
            finding.Evidence.ShouldBe(Evidence.Exact, finding.Explanation);
    }
}
