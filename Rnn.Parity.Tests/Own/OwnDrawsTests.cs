using NUnit.Framework;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Own;

/// <summary>Dropout in a class of one's own, what it draws else, and what others draw meanwhile.</summary>
[NonParallelizable]
public sealed class OwnDrawsTests
{
    private static readonly RnnOptions sizes = new(5, 7, Dtype: ScalarType.Float32);

    // as an xunit test beside this one does, which makes an RNN of its own
    [Test]
    public void What_another_thread_draws_is_no_difference_of_a_stack_with_dropout()
    {
        var stacks = Extent.Of(5, 1, "stacks with dropout beside a thread that draws");
        using var end = new CancellationTokenSource();
        var draws = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                using var layer = Linear(4, 4);
                // without a pause it would draw in every call, and each case would be undecided
                Thread.Sleep(1);
            }
        });
        try
        {
            for (var i = 0; i < stacks; i++)
                Parity
                    .Of(o => new Another(o), sizes with { NumLayers = 2, Dropout = 0.4 })
                    .Evidence.ShouldNotBe(Evidence.Differs);
        }
        finally
        {
            end.Cancel();
            draws.Wait();
        }
    }

    [Test]
    public void Where_a_generator_never_rests_nothing_is_decided()
    {
        var skipped = 0;
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                // what another thread draws in each call, another number of times
                using var drawn = rnn.training ? rand(++skipped) : null;
                return rnn.call(x, h_0);
            },
            sizes with
            {
                NumLayers = 2,
                Dropout = 0.4,
            }
        );
        finding.Evidence.ShouldBe(Evidence.Undecided);
        finding.ToString().ShouldContain("dropout leaves out other numbers at each call");
    }

    [TestCase(0.0)]
    [TestCase(0.4)]
    public void Noise_of_a_generator_of_its_own_differs_with_dropout_and_without(double dropout)
    {
        var own = new Random(1);
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) => rnn.call(rnn.training && own.NextDouble() < 0.5 ? x.Plus(0.1) : x, h_0),
            sizes with
            {
                NumLayers = 2,
                Dropout = dropout,
            }
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldNotContain("could not run");
    }

    // one number more is drawn, so that the generator is never left as nn.RNN leaves it
    [Test]
    public void What_is_right_from_some_call_on_is_not_passed_for_what_it_draws()
    {
        var calls = 0;
        Parity
            .Of(
                o => new ParameterRnn(o),
                (rnn, x, h_0) =>
                {
                    var (output, h_n) = rnn.call(x, h_0);
                    if (!rnn.training)
                        return (output, h_n);
                    using var drawn = rand(1);
                    return (++calls % 40 <= 4 ? output.Times(1.01) : output, h_n);
                },
                sizes with
                {
                    NumLayers = 2,
                    Dropout = 0.4,
                }
            )
            .Holds.ShouldBeFalse();
    }

    [Test]
    public void Noise_that_is_drawn_now_and_then_from_the_generator_of_torch_is_not_passed()
    {
        var own = new Random(1);
        Parity
            .Of(
                o => new ParameterRnn(o),
                (rnn, x, h_0) =>
                    rnn.call(rnn.training && own.NextDouble() < 0.5 ? x.Plus(rand_like(x).Times(0.1)) : x, h_0),
                sizes with
                {
                    NumLayers = 2,
                    Dropout = 0.4,
                }
            )
            .Holds.ShouldBeFalse();
    }

    [Test]
    public void Dropout_between_layers()
    {
        Parity.Of(o => new ParameterRnn(o), new(4, 5, 2, Dropout: 0.5)).ShouldHold();
        Parity.Of(o => new LeftToRightRnn(o), new(4, 5, 2, Dropout: 0.5)).ShouldHold();
    }

    [Test]
    public void Masks_of_its_own_are_told_to_be_nn_RNNs()
    {
        var options = sizes with { NumLayers = 2, Dropout = 0.5, Dtype = ScalarType.Float32 };
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                using var skipped = rnn.training ? rand(3) : null;
                return rnn.call(x, h_0);
            },
            options
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding
            .ToString()
            .ShouldContain(
                "or it drops other numbers than nn.RNN does, which are those of functional.dropout of each layer's contiguous output in turn"
            );
    }

    [TestCase(1.0, "the term W_ih x has no dropout below it")]
    [TestCase(0.75, "the term W_ih x has dropout that is not scaled by 1 / (1 − p)")]
    public void Dropout_that_is_forgotten_or_not_scaled_is_told_so(double kept, string words)
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o with { Dropout = 0 }),
            (rnn, x, h_0) => Stack(rnn, x, h_0, y => kept == 1 ? y : functional.dropout(y, 0.25).Times(kept)),
            sizes with
            {
                NumLayers = 2,
                Dropout = 0.25,
            }
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain(words, customMessage: finding.ToString());

        static (Tensor, Tensor) Stack(ParameterRnn rnn, Tensor x, Tensor h_0, Func<Tensor, Tensor> between)
        {
            if (rnn.Options.NumLayers == 1 || !rnn.training)
                return rnn.call(x, h_0);
            var final = new List<Tensor>();
            for (var k = 0; k < 2; k++)
            {
                var (h, states) = (h_0[k], new List<Tensor>());
                foreach (var x_t in (k == 0 ? x : between(x)).unbind(0))
                {
                    var z = functional.linear(x_t, Of("weight_ih", k), Of("bias_ih", k));
                    states.Add(h = z.Plus(functional.linear(h, Of("weight_hh", k), Of("bias_hh", k))).tanh());
                }
                final.Add(h);
                x = stack(states, 0);
            }
            return (x, stack(final, 0));

            Tensor Of(string name, int k) => rnn.get_parameter($"{name}_l{k}")!;
        }
    }

    // A class as others write them, in another order of addition.
    private sealed class Another(RnnOptions o) : Wrapper<LeftToRightRnn>(new(o))
    {
        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0) => Rnn.call(x, h_0);
    }
}
