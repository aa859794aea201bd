using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Shouldly;
using static Rnn.Parity.Tests.Bounds.TheoremTests;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>The bounds of runs with dropout. What others draw meanwhile would change the runs.</summary>
[NonParallelizable]
[MutationOf("scratch", "parity")]
public sealed class BoundsOfDropoutTests
{
    private static readonly RnnCase dropout = new("certified-dropout", "dropout", 5, 3, new(4, 6, 3, Dropout: 0.5));

    [Test]
    public void A_correct_run_is_certified([Values] bool packed) =>
        CertificationTests.OfQuantities(packed ? dropout with { Lengths = [3, 5, 2], EnforceSorted = false } : dropout);

    [Test]
    public void Every_step_of_every_layer_is_certified() => CertificationTests.OfSteps(dropout);

    [Test]
    public void Dropout_scales_and_rounds_both_ways([Values("output", "layers", "adjoints")] string recorded)
    {
        using var scope = NewDisposeScope();
        var c = Case(new(I, H, 2, Dropout: 0.5, Bidirectional: true));
        Masks.Of(c).ShouldHaveSingleItem()!.Values.Distinct().ShouldBe([0, 2], ignoreOrder: true);
        var tensors = c.Draw();
        Follows(c, tensors, TracedRun.ByAutograd(RnnFactory.Implementations[0], c, tensors), recorded);
    }
}
