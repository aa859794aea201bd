using System.Runtime.InteropServices;
using NUnit.Framework;
using Rnn.Parity.Cases;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Cases;

/// <summary>Gradients by way of backward are those of autograd.grad: nothing is added up, kept or shared.</summary>
[NonParallelizable]
public sealed class GradientsTests
{
    [Test]
    public void A_gradient_is_the_callers_own_and_the_next_one_begins_at_zero()
    {
        using var scope = NewDisposeScope();
        var x = tensor([2f, 3f]).requires_grad_();
        x.grad = tensor([100f, 100f]);
        var first = Gradients.OfAll([(x * x).sum()], [x])[0];
        x.grad.ShouldBeNull();
        var second = Gradients.OfAll([(x * x * x).sum()], [x])[0];
        Values(first).ShouldBe([4, 6]);
        Values(second).ShouldBe([12, 27]);
        first.zero_();
        Values(second).ShouldBe([12, 27]);
    }

    [Test]
    public void Inputs_need_not_be_leaves_and_cotangents_weigh_the_outputs()
    {
        using var scope = NewDisposeScope();
        var x = tensor([2f, 3f]).requires_grad_();
        var y = x * x;
        var gradients = Gradients.OfAll([y * y, x * x], [y, x], [tensor([1f, 10f]), tensor([100f, 1000f])]);
        // ∂/∂y = 2 y, ∂/∂x = 4 x³ and 2 x
        Values(gradients[0]).ShouldBe([8, 180]);
        Values(gradients[1]).ShouldBe([32 + 400, 1080 + 6000]);
        y.grad.ShouldBeNull();
    }

    [Test]
    public void A_gradient_with_a_graph_is_differentiated_in_turn()
    {
        using var scope = NewDisposeScope();
        var x = tensor([2f, 3f]).requires_grad_();
        var first = Gradients.Of([(x * x * x).sum()], [x], createGraph: true)[0]!;
        var second = Gradients.Of([first], [x], [ones(2)])[0]!;
        Values(first).ShouldBe([12, 27]);
        Values(second).ShouldBe([12, 18]);
        second.requires_grad.ShouldBeFalse();
    }

    [Test]
    public void What_has_no_part_in_the_outputs_has_no_gradient()
    {
        using var scope = NewDisposeScope();
        var (x, other) = (tensor(2f).requires_grad_(), tensor(3f).requires_grad_());
        Gradients.Of([x * x], [x, other])[1].ShouldBeNull();
        Should
            .Throw<InvalidOperationException>(() => Gradients.OfAll([x * x], [x, other]))
            .Message.ShouldBe("input 1 has no gradient: no output depends on it");
    }

    [Test]
    public void What_cannot_be_differentiated_is_an_exception_and_leaves_nothing_behind()
    {
        using var scope = NewDisposeScope();
        var x = tensor([2f, 3f]).requires_grad_();
        var y = x * x;
        Should.Throw<ExternalException>(() => Gradients.Of([y], [x])).Message.ShouldContain("scalar outputs");
        Should.Throw<ExternalException>(() => Gradients.Of([ones(1)], [x])).Message.ShouldContain("require grad");
        x.grad.ShouldBeNull();
        var before = LiveTensors.Count();
        Gradients.OfAll([y], [x], [y])[0].Dispose();
        LiveTensors.Count().ShouldBe(before);
    }

    private static float[] Values(Tensor x) => MemoryMarshal.Cast<byte, float>(x.detach().bytes).ToArray();
}
