using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Numerics;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>What shows in large products alone.</summary>
public sealed partial class CertificationTests
{
    /// <summary>Theorem 3: then fewer generators are kept, and the adjoints' bounds are wider by a little.</summary>
    [Test]
    [Long("a bound of 150 steps of 16 sequences")]
    public void Where_generators_become_boxes_a_correct_run_is_certified()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("much", "much work", 150, 16, new(4, 64));
        (2 * Zonotope.Kept((int)(c.T * c.B), 64, stored: false)).ShouldBeLessThan((int)c.T, "some become a box");
        var tensors = c.Draw();
        Certified("boxes", Certification.Of(c, tensors, RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU)));
    }

    /// <summary>Theorem 2: a bound of a size for which the type has no figures is as near as can be.</summary>
    [Test]
    public void A_gradient_that_vanishes_is_no_fault()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("vanishing", "a loss on the last step", 150, 2, new(4, 8))
        {
            Refine = t =>
            {
                t.GradOutput.narrow(0, 0, 149).zero_();
                t.GradH_n.zero_();
                return t;
            },
        };
        var tensors = c.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU);
        run["grad.h_0"].abs().max().item<float>().ShouldBeLessThan(1e-20f);
        Certified("vanishing", Certification.Of(c, tensors, run));
    }
}
