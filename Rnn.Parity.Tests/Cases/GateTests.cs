using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Cases;

/// <summary>The gate rejects what proves nothing.</summary>
public sealed class GateTests
{
    [Test]
    public void The_gate_rejects_sizes_of_one_unless_they_are_the_point()
    {
        Gate.Rejects(Case() with { T = 1 }).ShouldStartWith("T or B is one");
        Gate.Rejects(Case() with { B = 1 }).ShouldStartWith("T or B is one");
        Gate.Rejects(Case() with { WithoutInitialState = true }).ShouldStartWith("T or B is one, or there is no h_0");
        Gate.Rejects(Case() with { T = 1, Degenerate = true }).ShouldBeNull();
        Gate.Rejects(Case() with { Options = new(3, 1) }).ShouldBe("one unit: a transposed W_hh is the same");
    }

    [Test]
    public void The_gate_rejects_tensors_that_hide_a_mistake()
    {
        Gate.Rejects(Case()).ShouldBeNull();
        Gate.Rejects(Case(t => t with { H_0 = t.H_0!.Times(0) })).ShouldBe("h_0 is zero everywhere");
        Gate.Rejects(Case(t => With(t, "bias_hh_l0", _ => t.Weights["bias_ih_l0"])))
            .ShouldBe("b_ih and b_hh are equal: they can be swapped");
        Gate.Rejects(Case(t => With(t, "weight_ih_l0", _ => t.Weights["weight_hh_l0"]), I: 5))
            .ShouldBe("W_ih and W_hh are equal: they can be swapped");
        Gate.Rejects(Case(t => With(t, "weight_hh_l0", w => w.Plus(w.t())))).ShouldBe("W_hh is symmetric");
        Gate.Rejects(Case(t => With(t, "weight_ih_l0", w => w.narrow(0, 0, 1).expand(5, 3).contiguous())))
            .ShouldBe("two units have the same W_ih: they can be swapped");
        Gate.Rejects(Case(t => t with { Input = t.Input.Times(1e6) }))
            .ShouldBe("more than half of the states are saturated or dead");
    }

    [Test]
    public void The_gate_rejects_a_layer_that_is_dead_behind_others_that_are_not()
    {
        var relu = Case() with { Options = new(3, 5, 3, NonLinearities.ReLU) };
        var dead = relu with
        {
            Refine = t =>
                With(With(t, "bias_ih_l1", b => b.Times(0).Plus(-100)), "bias_ih_l2", b => b.Times(0).Plus(100)) with
                {
                    Input = t.Input.Plus(10),
                },
        };
        Gate.Rejects(dead).ShouldBe("a whole layer is saturated or dead");
    }

    private static RnnCase Case(Func<CaseTensors, CaseTensors>? refine = null, long I = 3) =>
        new("gate", "for the gate", 4, 3, new RnnOptions(I, 5)) { Refine = refine ?? (t => t) };

    private static CaseTensors With(CaseTensors t, string name, Func<Tensor, Tensor> change) =>
        t with
        {
            Weights = t.Weights.ToDictionary(w => w.Key, w => w.Key == name ? change(w.Value) : w.Value),
        };
}
