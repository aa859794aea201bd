using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Tests.Mutants;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>What is wrong, or has no bound, is not certified.</summary>
public sealed partial class CertificationTests
{
    /// <summary>Theorem 3: one step of an adjoint alone is wrong, and is named.</summary>
    [TestCase(2, "layer 1, forward")]
    [TestCase(0, "layer 0, forward")]
    public void A_wrong_adjoint_is_found_at_its_step(int slot, string layer)
    {
        using var scope = NewDisposeScope();
        var c = Stack with { Id = "certified-adjoint" };
        var tensors = c.Draw();
        var run = TracedByHand.Of(RnnFactory.Implementations[0], c, tensors);
        var row = run.Inner.Adjoints![slot].select(0, 3).select(0, 1);
        row.copy_(row.Plus(0.001f));
        var finding = Certification.Of(c, tensors, run.Quantities, run.Inner);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldNotBeNull();
        finding.Explanation.ShouldStartWith($"the adjoint of h in {layer} at [");
    }

    /// <summary>Theorem 1: the mistakes that a person makes are far outside.</summary>
    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_many_bounds_away(string mistake, Func<PlantedStep, Tensor> step, double atLeast)
    {
        using var scope = NewDisposeScope();
        foreach (var (T, B, I, H) in new[] { (10, 1, 1, 1), (6, 3, 10, 20), (12, 2, 40, 30) })
        {
            var c = new RnnCase($"mistake-{T}-{B}-{I}-{H}", mistake, T, B, new(I, H));
            var finding = Forward(c, c.Draw(), new(mistake, o => new PlantedRnn(o, new(step))));
            TestContext.Out.WriteLine(FormattableString.Invariant($"{c.Id}: {finding.BoundRatio:G3} of the bound"));
            finding.Evidence.ShouldBe(Evidence.Differs);
            finding.BoundRatio!.Value.ShouldBeGreaterThan(atLeast);
            finding.Explanation.ShouldNotBeNull();
            finding.Explanation.ShouldStartWith("h in layer 0, forward, step 0, row 0, unit ");
        }
    }

    /// <summary>Theorem 2: a bound that says nothing certifies nothing.</summary>
    [Test]
    public void A_bound_as_wide_as_the_values_is_reported_and_not_passed()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("wide", "lower layers that were not recorded, and chaotic", 100, 1, new(4, 64, 2))
        {
            Refine = t =>
                t with
                {
                    Weights = t.Weights.ToDictionary(
                        w => w.Key,
                        w => w.Key.Contains("hh_l0") ? w.Value.Times(3) : w.Value
                    ),
                },
        };
        var tensors = c.Draw();
        var finding = Certification.Of(c, tensors, RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU));
        finding.Evidence.ShouldBe(Evidence.Undecided);
        finding.Differing.ShouldBe(0);
        finding.Explanation.ShouldNotBeNull();
        finding.Explanation.ShouldEndWith("and says nothing");
        var traced = TracedRun.ByAutograd(RnnFactory.Implementations[0], c, tensors);
        Certified("traced", Certification.Of(c, tensors, traced.Quantities, traced.Inner));
    }

    /// <summary>Theorem 1: what may overflow has no bound.</summary>
    [Test]
    public void Sums_that_may_overflow_are_not_certified()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("overflow", "magnitudes near the largest number", 2, 2, new(3, 4))
        {
            Refine = t =>
                t with
                {
                    Input = t.Input.Times(1e30f),
                    Weights = t.Weights.ToDictionary(w => w.Key, w => w.Value.Times(1e9f)),
                },
        };
        var tensors = c.Draw();
        var finding = Certification.Of(c, tensors, RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU));
        finding.Evidence.ShouldBe(Evidence.Undecided);
        finding.Differing.ShouldBe(0);
        finding.Explanation.ShouldNotBeNull();
        finding.Explanation.ShouldEndWith("and says nothing");
    }

    /// <summary>Whether an overflow ends in ±1 or in what is not a number depends on the BLAS; neither has a bound.</summary>
    [Test]
    public void What_is_not_a_number_is_not_certified()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("nan", "an input that is not a number", 2, 2, new(3, 4))
        {
            Refine = t => t with { Input = t.Input.Times(float.NaN) },
        };
        var tensors = c.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU);
        var finding = Certification.Of(c, tensors, run);
        finding.Evidence.ShouldBe(Evidence.Undecided);
        finding.Differing.ShouldBe(0, finding.Explanation);
    }

    [Test]
    public void A_wrong_number_of_a_recorded_stack_is_found_in_its_last_layer()
    {
        using var scope = NewDisposeScope();
        var tensors = Stack.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, Stack, tensors, CPU).ToDictionary();
        run["output"][2, 1, 7] = run["output"][2, 1, 7].Plus(0.001f);
        var finding = Certification.Of(Stack, tensors, run);
        finding.Explanation.ShouldNotBeNull();
        // its own step comes before the step that it is read in
        finding.Explanation.ShouldStartWith("h in layer 1, reverse, step 2, row 1, unit 1 is ");
    }

    [Test]
    public void What_leaves_the_bound_that_always_holds_is_wrong_and_not_doubtful()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("wrong", "no bias", 5, 3, new(4, 6));
        var wrong = new RnnFactory("no bias", o => new PlantedRnn(o, new(s => s.Right(w: s.W with { B_hh = null }))));
        var finding = Forward(c, c.Draw(), wrong);
        (finding.Evidence, finding.Doubt).ShouldBe((Evidence.Differs, null));
    }

    [Test]
    public void A_final_state_must_be_that_of_the_last_step_to_the_bit()
    {
        using var scope = NewDisposeScope();
        var tensors = Stack.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, Stack, tensors, CPU).ToDictionary();
        run["h_n"].bytes[^1] ^= 1;
        var finding = Certification.Of(Stack, tensors, run);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldNotBeNull();
        finding.Explanation.ShouldStartWith("h_n in layer 1, reverse, row 2, unit 5 is ");
    }

    /// <summary>Theorem 4: what belongs to no sequence has no gradient.</summary>
    [TestCase(1e-30f)]
    [TestCase(float.NaN)]
    public void The_padding_of_packed_sequences_has_a_gradient_of_zero(float wrong)
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("certified-padding", "packed", 5, 3, new(4, 6)) { Lengths = [5, 3, 2] };
        var tensors = c.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU);
        Certified("as it is", Certification.Of(c, tensors, run));
        run["grad.input"].select(0, 3).select(0, 1).select(0, 2).copy_(tensor(wrong));
        var finding = Certification.Of(c, tensors, run);
        (finding.Evidence, finding.Differing).ShouldBe((Evidence.Differs, 1));
        finding.Explanation.ShouldNotBeNull();
        // of step and sequence, (2, 2) is row 0 of the padding, and (3, 1) row 1
        finding.Explanation.ShouldStartWith("grad.input in the padding at [1, 2] is ");
    }

    [TestCase("grad.input")]
    [TestCase("grad.h_0")]
    [TestCase("grad.weight_ih_l1_reverse")]
    [TestCase("grad.bias_hh_l0")]
    public void A_wrong_gradient_is_found(string name)
    {
        using var scope = NewDisposeScope();
        var tensors = Stack.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, Stack, tensors, CPU).ToDictionary();
        run[name] = run[name].Times(1.125f);
        var finding = Certification.Of(Stack, tensors, run);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldNotBeNull();
        finding.Explanation.ShouldStartWith($"{name} at [");
    }

    private static Finding Forward(RnnCase c, CaseTensors tensors, RnnFactory factory) =>
        Certification.Of(
            c,
            tensors,
            RnnRun.Of(factory, c, tensors, CPU).Where(q => q.Key is "output" or "h_n").ToDictionary()
        );

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Row("b_hh is missing", s => s.Right(w: s.W with { B_hh = null }), 60);
        yield return Row("a Padé approximation of tanh", s => Padé(s.Sum()), 590);
        yield return Row("W_hh h is doubled", s => s.Φ(s.Sum().Plus(s.H.mm(s.W.W_hh.t()))), 60);

        static Tensor Padé(Tensor z) => z * (z * z).Plus(15) / (z * z).Times(6).Plus(15);
        static TestCaseData Row(string name, Func<PlantedStep, Tensor> step, double atLeast) =>
            new TestCaseData(name, step, atLeast).SetArgDisplayNames(name);
    }
}
