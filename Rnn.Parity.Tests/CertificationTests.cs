using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Certified;
using Rnn.Parity.Comparison;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests;

public sealed class CertificationTests
{
    [TestCaseSource(nameof(Cases))]
    public void A_correct_run_is_certified(RnnCase c)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        foreach (var factory in (RnnFactory[])[RnnFactory.Rnn, RnnFactory.RnnCell])
        {
            var finding = Certification.Of(c, tensors, RnnRun.Of(factory, c, tensors, CPU));
            TestContext.Out.WriteLine(
                FormattableString.Invariant(
                    $"{c} {factory}: {finding.BoundRatio:F4} of the bound, {finding.ProbableRatio:F4} of the probabilistic one"
                )
            );
            finding.Evidence.ShouldBe(Evidence.Certified, finding.Explanation);
        }
    }

    private static IEnumerable<RnnCase> Cases()
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        foreach (var φ in Enum.GetValues<NonLinearities>())
        foreach (var (T, B, I, H) in new[] { (10, 1, 1, 1), (6, 3, 10, 20), (20, 4, 128, 64) })
            yield return new(
                $"certified-{T}-{B}-{I}-{H}-{φ}-{dtype}",
                "sizes",
                T,
                B,
                new(I, H, NonLinearity: φ, Dtype: dtype)
            );
        yield return new("certified-stack", "two layers, both directions", 5, 3, new(4, 6, 2, Bidirectional: true));
        yield return new("certified-batch-first", "layout", 5, 3, new(4, 6, 1, BatchFirst: true));
        yield return new("certified-unbatched", "layout", 5, 1, new(4, 6, 1)) { Unbatched = true };
        yield return new("certified-packed", "layout", 5, 3, new(4, 6, 1, Bidirectional: true))
        {
            Lengths = [3, 5, 2],
            EnforceSorted = false,
        };
        yield return new("certified-dropout", "masks", 5, 3, new(4, 6, 2, Dropout: 0.5));
        yield return new("certified-bf16", "16 bits", 5, 3, new(4, 6, 1, Dtype: ScalarType.BFloat16));
        yield return new("certified-no-h0", "16 bits", 5, 3, new(4, 6, 3, Bias: false)) { WithoutInitialState = true };
    }
}
