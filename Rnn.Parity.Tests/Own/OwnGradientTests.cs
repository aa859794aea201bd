using NUnit.Framework;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Own;

/// <summary>A class with gradients of its own: cut, or by an autograd function that clips, leaves it sparse, or writes.</summary>
public sealed class OwnGradientTests
{
    private static readonly RnnOptions sizes = new(10, 20, Dtype: ScalarType.Float32);

    [TestCase(1, 0, "no gradient passes from a step to the one before, as where the state is detached in each")]
    [TestCase(5, 0, "the gradient is cut every 5 steps: truncated backpropagation through time")]
    [TestCase(12, 5, "no gradient passes from step 5 to the one before, as where the state is detached there")]
    [TestCase(12, 7, "no gradient passes from step 7 to the one before, as where the state is detached there")]
    public void Gradients_that_are_cut_after_some_steps_differ(int every, int once, string words)
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                var (h, states) = (h_0, new List<Tensor>());
                for (var t = 0; t < x.size(0); t++)
                {
                    if (t > 0 && (t % every == 0 || t == once))
                        h = h.detach();
                    (_, h) = rnn.call(x.narrow(0, t, 1), h);
                    states.Add(h);
                }
                return (cat(states, 0), h);
            },
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldEndWith(words);
    }

    // what is cut at the first step too has no gradient of h_0 at all
    [TestCase(
        1,
        "no gradient passes from a step to the one before, nor to h_0, as where the state is detached in each"
    )]
    [TestCase(4, "the gradient is cut every 4 steps, nor to h_0: truncated backpropagation through time")]
    public void Gradients_that_are_cut_before_the_first_step_too_are_named(int every, string words)
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                var (h, states) = (h_0, new List<Tensor>());
                for (var t = 0; t < x.size(0); t++)
                {
                    (_, h) = rnn.call(x.narrow(0, t, 1), t % every == 0 ? h.detach() : h);
                    states.Add(h);
                }
                return (cat(states, 0), h);
            },
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain("grad.h_0 is missing");
        finding.ToString().ShouldEndWith(words);
    }

    [Test]
    public void Gradients_that_are_clipped_differ_where_they_are_large()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                var (output, h_n) = rnn.call(x, h_0);
                return (Clipped.apply(output), h_n);
            },
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Detail.ShouldContain($" (Float32, {OwnInputTests.Zeros})");
    }

    [Test]
    public void A_gradient_that_is_sparse_or_writes_into_weights_is_told_in_a_sentence()
    {
        Told(rnn => g => g.to_sparse()).ShouldContain("is sparse, a dense tensor is expected");
        Told(rnn =>
                g =>
                {
                    using var without = no_grad();
                    var W_hh = rnn.get_parameter("weight_hh_l0")!;
                    W_hh.copy_(W_hh.Times(1.5));
                    return g;
                }
            )
            .ShouldContain("weight_hh_l0 is not what it was before the call");

        static string Told(Func<ParameterRnn, Func<Tensor, Tensor>> backward) =>
            Parity
                .Of(
                    o => new ParameterRnn(o),
                    (rnn, x, h_0) => rnn.call(WithBackward.apply(x, backward(rnn)), h_0),
                    sizes
                )
                .ToString();
    }

    // The second argument is no tensor, and has no gradient.
    private sealed class WithBackward : autograd.SingleTensorFunction<WithBackward>
    {
        private Func<Tensor, Tensor> gradient = g => g;

        public override string Name => nameof(WithBackward);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            gradient = (Func<Tensor, Tensor>)vars[1];
            return ((Tensor)vars[0]).clone();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [gradient(grad_output), null!];
    }

    private sealed class Clipped : autograd.SingleTensorFunction<Clipped>
    {
        public override string Name => nameof(Clipped);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var largest = ones_like(grad_output).Times(100);
            return [grad_output.minimum(largest).maximum(largest.neg())];
        }
    }
}
