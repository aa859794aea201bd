using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Tests.Mutants;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>What the probabilistic bound doubts is certified all the same.</summary>
public sealed partial class CertificationTests
{
    /// <summary>Theorem 1, at the size at which the deterministic bound is too wide for a state that is rounded to half.</summary>
    [Test]
    public void A_state_rounded_to_half_leaves_the_probabilistic_bound_where_the_other_is_too_wide()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("half-512", "h rounded to half", 2, 2, new(512, 512, 1, NonLinearities.ReLU));
        var tensors = c.Draw();
        var half = new RnnFactory("half", o => new PlantedRnn(o, new(s => Half(s.Right()))));
        var finding = Forward(c, tensors, half);
        TestContext.Out.WriteLine(FormattableString.Invariant($"{finding.BoundRatio:F3}, {finding.ProbableRatio:F3}"));
        finding.BoundRatio!.Value.ShouldBeLessThan(1);
        finding.ProbableRatio!.Value.ShouldBeGreaterThan(1);
        finding.Evidence.ShouldBe(Evidence.Certified);
        finding.Doubt.ShouldNotBeNull();
        finding.Doubt.ShouldEndWith(" with a probability of at least 1 - 1E-06");
        Forward(c, tensors, RnnFactory.Rnn).Doubt.ShouldBeNull();
        Forward(c, tensors, RnnFactory.Rnn).Evidence.ShouldBe(Evidence.Certified);

        static Tensor Half(Tensor h) => h.type(ScalarType.Float16).type(ScalarType.Float32);
    }

    /// <summary>Lemma 2 is a model: equal terms round equally, and a correct run may leave the bound. It is not rejected.</summary>
    [Test]
    public void A_correct_run_whose_errors_depend_on_each_other_is_certified_and_doubted()
    {
        using var scope = NewDisposeScope();
        const int I = 4096;
        const float w = 0.55658f;
        var c = new RnnCase("equal", "equal terms", 1, 1, new(I, 2, 1, NonLinearities.ReLU, Bias: false))
        {
            WithoutInitialState = true,
            Refine = t =>
                t with
                {
                    Input = ones(1, 1, I),
                    Weights = t.Weights.ToDictionary(p => p.Key, p => ones(p.Value.shape).Times(w)),
                },
        };
        var sum = 0f;
        for (var i = 0; i < I; i++)
            sum += w;
        var h = ones(1, 1, 2).Times(sum);
        var finding = Certification.Of(c, c.Draw(), new Dictionary<string, Tensor> { ["output"] = h, ["h_n"] = h });
        finding.Evidence.ShouldBe(Evidence.Certified);
        finding.ProbableRatio!.Value.ShouldBeGreaterThan(1);
        finding.Doubt.ShouldNotBeNull();
    }
}
