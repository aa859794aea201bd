using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Certified;
using Rnn.Parity.Comparison;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>What shows in large products alone.</summary>
public sealed partial class CertificationTests
{
    /// <summary>Theorem 3: then the signs of the Jacobians are not followed.</summary>
    [Test]
    public void Beyond_two_billion_multiplications_the_bound_says_nothing_and_rejects_nothing()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("too-much", "too much work", 33, 16, new(4, 64));
        var tensors = c.Draw();
        var finding = Certification.Of(c, tensors, RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU));
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Differing.ShouldBe(0);
        finding.Explanation.ShouldNotBeNull();
        finding.Explanation.ShouldEndWith("and says nothing");
    }
}
