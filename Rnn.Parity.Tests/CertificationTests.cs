using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Certified;
using Rnn.Parity.Comparison;
using Rnn.Parity.Mutants;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests;

/// <summary>The theorems of docs/certified.md: correct runs are within their bounds, wrong ones are not.</summary>
[NonParallelizable]
public sealed class CertificationTests
{
    /// <summary>Theorems 1 to 4, for runs of which output, h_n and gradients alone were recorded.</summary>
    [TestCaseSource(nameof(Cases))]
    public void A_correct_run_is_certified(RnnCase c)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        foreach (var factory in (RnnFactory[])[RnnFactory.Rnn, RnnFactory.RnnCell])
            Certified($"{c} {factory}", Certification.Of(c, tensors, RnnRun.Of(factory, c, tensors, CPU)));
    }

    /// <summary>Theorems 1, 3 and 4, every step of every layer at the run's own states and adjoints.</summary>
    [TestCaseSource(nameof(Traced))]
    public void Every_step_of_every_layer_is_certified_where_states_and_adjoints_are_at_hand(RnnCase c)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        foreach (var factory in RnnFactory.Implementations)
        {
            var byAutograd = TracedRun.ByAutograd(factory, c, tensors);
            Certified($"{c} {factory}", Certification.Of(c, tensors, byAutograd.Quantities, byAutograd.Inner));
            if (c.Options.Dropout > 0)
                continue;
            var byHand = TracedRun.ByHand(factory, c, tensors);
            Certified($"{c} {factory} by hand", Certification.Of(c, tensors, byHand.Quantities, byHand.Inner));
        }
    }

    /// <summary>Theorem 3: one step of an adjoint alone is wrong, and is named.</summary>
    [Test]
    public void A_wrong_adjoint_is_found_at_its_step()
    {
        using var scope = NewDisposeScope();
        var c = Stack with { Id = "certified-adjoint" };
        var tensors = c.Draw();
        var run = TracedRun.ByHand(RnnFactory.Implementations[0], c, tensors);
        run.Inner.Adjoints![2].select(0, 3).select(0, 1).add_(0.001f);
        var finding = Certification.Of(c, tensors, run.Quantities, run.Inner);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldNotBeNull();
        finding.Explanation.ShouldStartWith("the adjoint of h in layer 1, forward at [");
    }

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
        finding.Doubt.ShouldEndWith(" with a probability of at least 1 - 1E-006");
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
                    Weights = t.Weights.ToDictionary(p => p.Key, p => full(p.Value.shape, w)),
                },
        };
        var sum = 0f;
        for (var i = 0; i < I; i++)
            sum += w;
        var h = full([1, 1, 2], sum);
        var finding = Certification.Of(c, c.Draw(), new Dictionary<string, Tensor> { ["output"] = h, ["h_n"] = h });
        finding.Evidence.ShouldBe(Evidence.Certified);
        finding.ProbableRatio!.Value.ShouldBeGreaterThan(1);
        finding.Doubt.ShouldNotBeNull();
    }

    /// <summary>Theorem 1: the mistakes that a person makes are far outside.</summary>
    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_many_bounds_away(string mistake, Func<PlantedStep, Tensor> step, double atLeast)
    {
        using var scope = NewDisposeScope();
        foreach (var (T, B, I, H) in new[] { (10, 1, 1, 1), (6, 3, 10, 20), (20, 4, 128, 64) })
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
        var c = new RnnCase("wide", "lower layers that were not recorded, and chaotic", 60, 2, new(4, 16, 2))
        {
            Refine = t =>
                t with
                {
                    Weights = t.Weights.ToDictionary(w => w.Key, w => w.Key.Contains("hh_l0") ? w.Value * 4 : w.Value),
                },
        };
        var tensors = c.Draw();
        var finding = Certification.Of(c, tensors, RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU));
        finding.Evidence.ShouldBe(Evidence.Differs);
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
                    Input = t.Input * 1e30f,
                    Weights = t.Weights.ToDictionary(w => w.Key, w => w.Value * 1e9f),
                },
        };
        var tensors = c.Draw();
        var finding = Certification.Of(c, tensors, RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU));
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Differing.ShouldBe(0);
    }

    /// <summary>Whether an overflow ends in ±1 or in what is not a number depends on the BLAS; neither has a bound.</summary>
    [Test]
    public void What_is_not_a_number_is_not_certified_and_a_copy_of_it_is_a_copy()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("nan", "an input that is not a number", 2, 2, new(3, 4))
        {
            Refine = t => t with { Input = t.Input * float.NaN },
        };
        var tensors = c.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU);
        var finding = Certification.Of(c, tensors, run);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Differing.ShouldBe(0, finding.Explanation);
        var other = run.ToDictionary();
        other["h_n"] = zeros(other["h_n"].shape);
        Certification.Of(c, tensors, other).Differing.ShouldBeGreaterThan(0);
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

    private static Finding Forward(RnnCase c, CaseTensors tensors, RnnFactory factory) =>
        Certification.Of(
            c,
            tensors,
            RnnRun.Of(factory, c, tensors, CPU).Where(q => q.Key is "output" or "h_n").ToDictionary()
        );

    private static RnnCase Stack =>
        new("certified-stack", "two layers, both directions", 5, 3, new(4, 6, 2, Bidirectional: true));

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Row("b_hh is missing", s => s.Right(w: s.W with { B_hh = null }), 60);
        yield return Row("a Padé approximation of tanh", s => Padé(s.Sum()), 590);
        yield return Row("W_hh h is doubled", s => s.Φ(s.Sum() + s.H.mm(s.W.W_hh.t())), 60);

        static Tensor Padé(Tensor z) => z * (z * z + 15) / (z * z * 6 + 15);
        static TestCaseData Row(string name, Func<PlantedStep, Tensor> step, double atLeast) =>
            new TestCaseData(name, step, atLeast).SetArgDisplayNames(name);
    }

    private static IEnumerable<RnnCase> Cases()
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        foreach (var φ in Enum.GetValues<NonLinearities>())
        foreach (var (T, B, I, H) in new[] { (10, 1, 1, 1), (6, 3, 10, 20), (12, 4, 32, 48) })
            yield return new($"certified-{T}-{B}-{I}-{H}", "sizes", T, B, new(I, H, NonLinearity: φ, Dtype: dtype));
        foreach (var c in Traced())
            yield return c;
        yield return new("certified-16-bits", "bfloat16", 5, 3, new(4, 6, Dtype: ScalarType.BFloat16));
        yield return new("certified-packed", "packed, unsorted", 5, 3, new(4, 6, 1, Bidirectional: true))
        {
            Lengths = [3, 5, 2],
            EnforceSorted = false,
        };
        yield return new("certified-packed-dropout", "packed, and dropout", 5, 3, new(4, 6, 2, Dropout: 0.5))
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
        yield return new("certified-dropout", "dropout", 5, 3, new(4, 6, 3, Dropout: 0.5));
        yield return new("certified-evaluation", "no dropout", 5, 3, new(4, 6, 3, Dropout: 0.5)) { Evaluation = true };
        yield return new("certified-no-h_0", "no h_0, no bias", 5, 3, new(4, 6, 2, Bias: false))
        {
            WithoutInitialState = true,
        };
    }
}
