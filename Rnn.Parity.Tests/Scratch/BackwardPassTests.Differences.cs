using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using Rnn.Parity.Tests.Exact;
using Rnn.Parity.Tests.Oracles;
using Rnn.Scratch;
using Rnn.Scratch.Backward;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Scratch;

public sealed partial class BackwardPassTests
{
    [TestCase(1, false, true)]
    [LongCase(2, false, true)]
    [LongCase(1, true, false)]
    [LongCase(2, true, true)]
    public void Central_differences_of_tanh_are_within_their_own_bound(long layers, bool bidirectional, bool bias)
    {
        using var scope = NewDisposeScope();
        var options = new RnnOptions(2, 3, layers, Bias: bias, Bidirectional: bidirectional, Dtype: ScalarType.Float32);
        var c = new RnnCase(
            $"central-{layers}-{bidirectional}-{bias}",
            "small enough to shift every number",
            3,
            2,
            options
        );
        // float32's numbers, so that a number and its step have room in float64
        var tensors = InFloat64(c.Draw());
        c = c with { Options = options with { Dtype = ScalarType.Float64 } };
        using var rnn = Build(RnnFactory.Implementations[0], c, tensors);
        var hand = ByHand(RnnFactory.Implementations[0], c, tensors);
        var bounds = GradientBounds.Of(c, tensors);

        var (count, worst, widest, farthest) = (0, 0.0, 0.0, 0.0);
        foreach (var name in hand.Keys.Select(key => key["grad.".Length..]))
        {
            var (gradient, rounding) = (Values(hand[$"grad.{name}"]), Values(bounds[$"grad.{name}"].bound));
            for (var i = 0; i < gradient.Length; i++)
            {
                using var inner = NewDisposeScope();
                var quotient = CentralDifference.Of(c, tensors, name, i, shifted => Loss(rnn, shifted));
                var (error, bound) = (Math.Abs(gradient[i] - quotient.Value), quotient.Bound + rounding[i]);
                error.ShouldBeLessThanOrEqualTo(bound, $"{name}, element {i}");
                (worst, widest, farthest) = (
                    Math.Max(worst, error / bound),
                    Math.Max(widest, bound),
                    Math.Max(farthest, error)
                );
                count++;
            }
        }
        worst.ShouldBeInRange(0, 1);
        // of this case a bound leaves three digits, so that it says something
        widest.ShouldBeLessThan(hand.Values.Max(g => Values(g).Max(Math.Abs)) / 1000);
        TestContext.Out.WriteLine(
            FormattableString.Invariant(
                $"{count} numbers: at most {worst:0.000} of the bound, which is at most {widest:0.0e+0}; greatest error {farthest:0.0e+0}"
            )
        );
    }

    // With T = 2 the loss is at most quadratic in any one number while no unit switches, so the central difference of
    // integers has no error at all, and neither has the gradient.
    [TestCase(1, false)]
    [LongCase(2, false)]
    [LongCase(1, true)]
    [LongCase(2, true)]
    public void Central_differences_of_relu_are_exact_where_no_unit_switches(long layers, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var options = new RnnOptions(
            2,
            2,
            layers,
            NonLinearities.ReLU,
            Bidirectional: bidirectional,
            Dtype: ScalarType.Float64
        );
        var (c, tensors) = Enumerable
            .Range(0, 1000)
            .Select(seed => Large(new RnnCase($"quadratic-{seed}", "no unit switches", 2, 2, options), seed))
            .First(found => NoUnitSwitches(found.c, found.tensors));

        using var rnn = Build(RnnFactory.Implementations[0], c, tensors);
        Loss(rnn, tensors).ShouldNotBe(0);
        var count = 0;
        foreach (var (key, value) in ByHand(RnnFactory.Implementations[0], c, tensors))
        {
            var (name, gradient) = (key["grad.".Length..], Values(value));
            for (var i = 0; i < gradient.Length; i++, count++)
            {
                var (above, below) = (Shift.Of(tensors, name, i, 1), Shift.Of(tensors, name, i, -1));
                IntegerOracle.Refuses(c, above).ShouldBeNull();
                IntegerOracle.Refuses(c, below).ShouldBeNull();
                ((Loss(rnn, above) - Loss(rnn, below)) / 2).ShouldBe(gradient[i], $"{name}, element {i}");
            }
        }
        TestContext.Out.WriteLine($"{count} numbers, all exact; {c.Id}");
    }

    // Large enough that a step of one is small.
    private static (RnnCase c, CaseTensors tensors) Large(RnnCase c, int seed)
    {
        using var generator = new Generator((ulong)seed);
        var drawn = IntegerTensors.Of(c.Draw());
        Tensor Between(Tensor like) => empty(like.shape, like.dtype).random_(-512, 513, generator);
        return (
            c,
            drawn with
            {
                Weights = drawn.Weights.ToDictionary(w => w.Key, w => Between(w.Value)),
                Input = Between(drawn.Input),
                H_0 = Between(drawn.H_0!),
            }
        );
    }

    private static bool NoUnitSwitches(RnnCase c, CaseTensors tensors)
    {
        using var scope = NewDisposeScope();
        using var rnn = Build(RnnFactory.Implementations[0], c, tensors);
        var pattern = On(tensors);
        return pattern.Contains(true)
            && pattern.Contains(false)
            && tensors
                .Weights.Keys.Append("input")
                .Append("h_0")
                .All(name =>
                    Enumerable
                        .Range(0, (int)Shift.Named(tensors, name).numel())
                        .All(i =>
                            On(Shift.Of(tensors, name, i, 1)).SequenceEqual(pattern)
                            && On(Shift.Of(tensors, name, i, -1)).SequenceEqual(pattern)
                        )
                );

        bool[] On(CaseTensors shifted)
        {
            rnn.load_state_dict(shifted.Weights.ToDictionary());
            return
            [
                .. ForwardTrace
                    .Of(rnn, shifted.Input, shifted.H_0)
                    .SelectMany(trace => Values(trace.H.narrow(0, 1, c.T)).Select(h => h > 0)),
            ];
        }
    }

    private static double Loss(ElmanRnn rnn, CaseTensors tensors)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        rnn.load_state_dict(tensors.Weights.ToDictionary());
        var (output, h_n) = rnn.call(tensors.Input, tensors.H_0);
        return (output * tensors.GradOutput).sum().Plus((h_n * tensors.GradH_n).sum()).item<double>();
    }

    private static CaseTensors InFloat64(CaseTensors t) =>
        new(
            t.Weights.ToDictionary(w => w.Key, w => w.Value.type(ScalarType.Float64)),
            t.Input.type(ScalarType.Float64),
            t.H_0!.type(ScalarType.Float64),
            t.GradOutput.type(ScalarType.Float64),
            t.GradH_n.type(ScalarType.Float64)
        );
}
