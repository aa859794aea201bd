using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Numerics;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>What shows in large products alone.</summary>
public sealed partial class CertificationTests
{
    /// <summary>Theorem 3: then fewer generators are kept, and the adjoints' bounds are wider by a little.</summary>
    [Test]
    public void Where_generators_become_boxes_a_correct_run_is_certified()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("much", "much work", 100, 16, new(4, 64));
        Zonotope.Kept((int)(c.T * c.B), 64, stored: false).ShouldBeLessThan(100);
        var tensors = c.Draw();
        Certified("boxes", Certification.Of(c, tensors, RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU)));
    }
}
