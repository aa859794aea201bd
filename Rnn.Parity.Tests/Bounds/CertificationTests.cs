using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>The theorems of docs/certified.md: correct runs are within their bounds, wrong ones are not.</summary>
[MutationOf("scratch", "parity")]
public sealed partial class CertificationTests
{
    /// <summary>Theorems 1 to 4, for runs of which output, h_n and gradients alone were recorded.</summary>
    [TestCaseSource(nameof(Cases))]
    public void A_correct_run_is_certified(RnnCase c) => OfQuantities(c);

    /// <summary>Theorems 1, 3 and 4, every step of every layer at the run's own states and adjoints.</summary>
    [TestCaseSource(nameof(Traced))]
    public void Every_step_of_every_layer_is_certified_where_states_and_adjoints_are_at_hand(RnnCase c) => OfSteps(c);

    internal static void OfQuantities(RnnCase c)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        foreach (var factory in (RnnFactory[])[RnnFactory.Rnn, RnnFactory.RnnCell])
            Certified($"{c} {factory}", Certification.Of(c, tensors, RnnRun.Of(factory, c, tensors, CPU)));
    }

    internal static void OfSteps(RnnCase c)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        foreach (var factory in RnnFactory.Implementations)
        {
            var byAutograd = TracedRun.ByAutograd(factory, c, tensors);
            byAutograd.Inner.Outputs.Count.ShouldBe((int)c.Options.NumLayers);
            byAutograd.Inner.Outputs.ShouldAllBe(o => o.shape.SequenceEqual(byAutograd.Quantities["output"].shape));
            Certified($"{c} {factory}", Certification.Of(c, tensors, byAutograd.Quantities, byAutograd.Inner));
            if (c.Drops)
                continue;
            var byHand = TracedByHand.Of(factory, c, tensors);
            byHand.Inner.Outputs.Count.ShouldBe((int)c.Options.NumLayers);
            Certified($"{c} {factory} by hand", Certification.Of(c, tensors, byHand.Quantities, byHand.Inner));
        }
    }

    private static void Certified(string who, Finding finding)
    {
        TestContext.Out.WriteLine(
            FormattableString.Invariant(
                $"{who}: {finding.BoundRatio:F4} of the bound, {finding.ProbableRatio:F4} of the probabilistic one"
            )
        );
        finding.Evidence.ShouldBe(Evidence.Certified, $"{who}: {finding.Explanation}");
        finding.Elements.ShouldBeGreaterThan(0);
    }

    private static RnnCase Stack =>
        new("certified-stack", "two layers, both directions", 5, 3, new(4, 6, 2, Bidirectional: true));

    private static IEnumerable<RnnCase> Cases()
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        foreach (var φ in Enum.GetValues<NonLinearities>())
        foreach (var (T, B, I, H) in new[] { (10, 1, 1, 1), (6, 3, 10, 20), (8, 2, 9, 17) })
            yield return new($"certified-{T}-{B}-{I}-{H}", "sizes", T, B, new(I, H, NonLinearity: φ, Dtype: dtype));
        // nn.RNN takes the steps of an unbatched input for a batch if that comes first
        foreach (var c in Traced().Where(c => !(c.Unbatched && c.Options.BatchFirst)))
            yield return c;
        yield return new("certified-16-bits", "bfloat16", 5, 3, new(4, 6, Dtype: ScalarType.BFloat16));
        yield return new("certified-packed", "packed, unsorted", 5, 3, new(4, 6, 1, Bidirectional: true))
        {
            Lengths = [3, 5, 2],
            EnforceSorted = false,
        };
    }

    private static IEnumerable<RnnCase> Traced()
    {
        yield return Stack;
        yield return Stack with
        {
            Id = "certified-64",
            Options = Stack.Options with { Dtype = ScalarType.Float64, NonLinearity = NonLinearities.ReLU },
        };
        yield return new("certified-batch-first", "batch first", 5, 3, new(4, 6, 2, BatchFirst: true));
        yield return new("certified-unbatched", "unbatched", 5, 1, new(4, 6)) { Unbatched = true };
        yield return new("certified-unbatched-first", "unbatched", 5, 1, new(4, 6, 2, BatchFirst: true))
        {
            Unbatched = true,
        };
        yield return new("certified-evaluation", "no dropout", 5, 3, new(4, 6, 3, Dropout: 0.5)) { Evaluation = true };
        yield return new("certified-no-h_0", "no h_0, no bias", 5, 3, new(4, 6, 2, Bias: false))
        {
            WithoutInitialState = true,
        };
    }
}
