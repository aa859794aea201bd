using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Jobs;
using Rnn.Parity.Tests.Mutants;
using Rnn.Parity.Tests.Notebooks;
using Rnn.Scratch;
using Shouldly;
using TorchSharp;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Comparison;

/// <summary>A difference is proven by its proof alone: each half of it is needed.</summary>
[MutationOf("parity")]
public sealed class DifferenceTests
{
    [Test]
    public void What_recurs_is_not_shown_to_ignore_the_past()
    {
        using var scope = NewDisposeScope();
        var x = ones(4, 2);
        DifferenceChecks.NoRecurrence(Last, Sums, x).Holds.ShouldBeTrue();
        DifferenceChecks.NoRecurrence(Sums, Sums, x).Holds.ShouldBeFalse();
        DifferenceChecks.NoRecurrence(Last, Last, x).Holds.ShouldBeFalse();

        static Tensor Last(Tensor x) => x.narrow(1, 0, 1);
        static Tensor Sums(Tensor x) => x.narrow(1, 0, 1).Plus(x.sum(dim: 0)[0]);
    }

    [Test]
    public void An_order_of_addition_differs_in_bits_and_not_on_integers()
    {
        DifferenceChecks.OrderOfAddition().Holds.ShouldBeTrue();
        DifferenceChecks.OrderOfAddition(RnnFactory.Implementations[0]).Holds.ShouldBeFalse();
        var wrong = new RnnFactory("planted", o => new PlantedRnn(o, new(s => s.Right().Times(2))));
        var finding = DifferenceChecks.OrderOfAddition(wrong);
        finding.Holds.ShouldBeFalse();
        finding.Explanation.ShouldStartWith("not shown on this machine: 002 adds from left to right");
    }

    [Test]
    public void One_bias_is_two_only_with_the_same_states_and_gradients()
    {
        using var scope = NewDisposeScope();
        var (h, b) = (tensor(new float[] { 1, -1 }, [1, 2]), tensor([3f, 4f]));
        var same = new SingleBias.Pair(h, h, b, b, b);
        SingleBias.Establish(same, same).Holds.ShouldBeTrue();
        SingleBias.Establish(same with { Reference = -h }, same).Holds.ShouldBeFalse();
        SingleBias.Establish(same, same with { Reference = -h }).Holds.ShouldBeFalse();
        SingleBias.Establish(same, same with { B_ih = -b }).Holds.ShouldBeFalse();
        SingleBias.Establish(same, same with { B_hh = -b }).Holds.ShouldBeFalse();
    }

    // γ₃ (1000 + 2) + 0.00005 = 0.000229…, γ₃ = 3 · 2⁻²⁴ / (1 − 3 · 2⁻²⁴)
    [TestCase(1002.000229, true)]
    [TestCase(1002.000230, false)]
    [TestCase(1001.999771, true)]
    [TestCase(1001.999770, false)]
    public void The_bound_of_002_is_where_it_was_derived(double state, bool within) =>
        Recurrence002.Certify([1000], [state]).Holds.ShouldBe(within);

    [Test]
    public void A_sign_is_a_digit()
    {
        using var scope = NewDisposeScope();
        var numbers = PublishedNumbers.Of("003");
        numbers.Compare(("w_e", -tensor(numbers.Values("w_e")))).Differing.ShouldBe(4);
    }

    [Test]
    public void Identity_is_claimed_on_a_cpu_in_both_orders_and_on_a_gpu_per_step()
    {
        ParityJob.Claim(DeviceType.CPU, EvaluationOrder.WholeSequence).ShouldBe(Evidence.Identical);
        ParityJob.Claim(DeviceType.CPU, EvaluationOrder.PerStep).ShouldBe(Evidence.Identical);
        ParityJob.Claim(DeviceType.CUDA, EvaluationOrder.PerStep).ShouldBe(Evidence.Identical);
        ParityJob.Claim(DeviceType.CUDA, EvaluationOrder.WholeSequence).ShouldBe(Evidence.Certified);
        NotebookCases
            .All.SelectMany(c => ParityJob.Plan(c, ["cpu"]))
            .Where(check => check.Subject != RnnFactory.Rnn.Name)
            .ShouldAllBe(check => check.Claim == Evidence.Identical, "each of these is identical or fails");
    }
}
