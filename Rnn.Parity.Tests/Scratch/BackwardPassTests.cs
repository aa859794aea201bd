using System.Runtime.InteropServices;
using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Exact;
using Rnn.Parity.Tests.Oracles;
using Rnn.Scratch;
using Rnn.Scratch.Backward;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Scratch;

/// <summary>The hand-written backward pass: exact on integers, within derived bounds of autograd and of central differences.</summary>
[MutationOf("scratch", "variants")]
public sealed partial class BackwardPassTests
{
    /// <summary>Theorems 1 and 3 of docs/exact.md.</summary>
    [TestCaseSource(nameof(SomeExactCases))]
    public void On_integers_every_evaluation_is_exact(RnnCase c)
    {
        using var scope = NewDisposeScope();
        var tensors = SparseIntegers.Of(c, c.Draw());
        var exact = IntegerOracle.Of(c, tensors);
        // integers that leave some units on and some off
        Values(exact["output"]).ShouldContain(h => h > 0, c.ToString());
        Values(exact["output"]).ShouldContain(0, c.ToString());
        Values(exact["grad.weight_hh_l0"]).ShouldContain(g => g != 0, c.ToString());
        var gradients = exact.Where(q => q.Key.StartsWith("grad.", StringComparison.Ordinal)).ToDictionary();
        foreach (var order in orders)
        {
            var ordered = c.In(order);
            var reference = RnnFactory.ReferenceOf(order);
            Same($"{reference}", RnnRun.Of(reference, ordered, tensors, CPU), exact);
            foreach (var factory in RnnFactory.Implementations)
            {
                Same($"autograd through {factory}", RnnRun.Of(factory, ordered, tensors, CPU), exact);
                Same($"the backward pass of {factory}", ByHand(factory, ordered, tensors), gradients);
            }
        }

        void Same(string who, IReadOnlyDictionary<string, Tensor> actual, IReadOnlyDictionary<string, Tensor> expected)
        {
            var finding = Parity.Compare($"{c}: {who} is not exact", Unsigned(actual), expected);
            finding.Evidence.ShouldBe(Evidence.Identical, finding.Explanation);
        }
    }

    [TestCaseSource(nameof(SomeFloat64Cases))]
    public void In_float64_it_is_within_the_derived_bound_of_autograd(RnnCase c)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        using var rnn = Build(RnnFactory.Implementations[0], c, tensors);
        var traces = ForwardTrace.Of(rnn, tensors.Input, tensors.H_0);
        HasTheStatesOf(c, tensors, traces);
        var bounds = GradientBounds.Of(c, tensors, [.. traces.Select(trace => trace.H)]);
        var autograd = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU);
        var hand = ByHand(RnnFactory.Implementations[0], c, tensors);

        var (elements, differing, worst, rounding) = (0L, 0L, 0.0, 0.0);
        foreach (var (name, gradient) in hand)
        {
            var (ours, theirs, own) = (Values(gradient), Values(autograd[name]), Values(bounds[name].value));
            var bound = Values(bounds[name].bound);
            for (var i = 0; i < ours.Length; i++)
            {
                // two runs, each within the bound of the exact value
                var distance = Math.Max(Math.Abs(ours[i] - theirs[i]), Math.Abs(ours[i] - own[i]));
                distance.ShouldBeLessThanOrEqualTo(2 * bound[i], $"{c}: {name}, element {i}");
                worst = Math.Max(worst, distance == 0 ? 0 : distance / (2 * bound[i]));
                rounding = Math.Max(rounding, bound[i]);
            }
            elements += ours.Length;
            differing += TensorComparison.Compare(name, gradient, autograd[name])?.Count ?? 0;
        }
        // in these what is not a number would be; and of these cases a bound leaves three digits, so that it says something
        worst.ShouldBeInRange(0, 1);
        rounding.ShouldBeLessThan(hand.Values.Max(g => Values(g).Max(Math.Abs)) / 1000);
        hand.Keys.ShouldBe(autograd.Keys.Where(name => name.StartsWith("grad.", StringComparison.Ordinal)), true);
        TestContext.Out.WriteLine(
            FormattableString.Invariant(
                $"{differing} of {elements} elements differ in their bits; at most {worst:0.000} of the bound, which is at most {rounding:0.0e+0}"
            )
        );
    }

    // nn.RNN gives its last layer's states only: so the layers up to each one are run as an RNN of their own.
    private static void HasTheStatesOf(RnnCase c, CaseTensors tensors, IReadOnlyList<LayerTrace> traces)
    {
        for (var layers = 1; layers <= c.Options.NumLayers; layers++)
        {
            var options = c.Options with { NumLayers = layers };
            using var rnn = RnnFactory.Rnn.Build(options);
            rnn.load_state_dict(rnn.named_parameters().ToDictionary(p => p.name, p => tensors.Weights[p.name]));
            var D = (int)options.NumDirections;
            var (output, _) = rnn.call(tensors.Input, tensors.H_0!.narrow(0, 0, layers * D));
            var states = Enumerable
                .Range(0, D)
                .Select(d => (d, h: traces[(layers - 1) * D + d].H.narrow(0, 1, c.T)))
                .Select(s => s.d == 1 ? s.h.flip(0) : s.h);
            var joined = cat([.. states], -1);
            TensorComparison
                .Compare("states", c.Options.BatchFirst ? joined.transpose(0, 1) : joined, output)
                .ShouldBeNull($"{c}, layer {layers}");
        }
    }

    [Test]
    public void Relu_has_slope_zero_at_zero_as_libtorch_has_it([Values(0.0, -0.0)] double zero)
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("kink", "every argument of relu is 0", 3, 2, new(2, 2, NonLinearity: NonLinearities.ReLU));
        var drawn = c.Draw();
        var tensors = drawn with
        {
            Weights = drawn.Weights.ToDictionary(
                w => w.Key,
                w => w.Key.StartsWith("bias", StringComparison.Ordinal) ? ones(2).Times(zero) : w.Value
            ),
            Input = ones(3, 2, 2).Times(zero),
            H_0 = ones(1, 2, 2).Times(zero),
        };
        foreach (var (name, gradient) in ByHand(RnnFactory.Implementations[0], c, tensors))
            Values(gradient).ShouldAllBe(g => g == 0, name);
        foreach (var factory in RnnFactory.Implementations.Append(RnnFactory.Rnn))
        foreach (var (name, gradient) in RnnRun.Of(factory, c, tensors, CPU))
            Values(gradient).ShouldAllBe(g => g == 0, $"{factory} {name}");
    }

    // −0 becomes 0, and nothing else changes: an integer has no sign at zero, a float's depends on the order of its sum.
    private static Dictionary<string, Tensor> Unsigned(IReadOnlyDictionary<string, Tensor> quantities) =>
        quantities.ToDictionary(q => q.Key, q => q.Value.Plus(0));

    internal static ElmanRnn Build(RnnFactory factory, RnnCase c, CaseTensors tensors)
    {
        var rnn = (ElmanRnn)factory.Build(c.Options);
        rnn.load_state_dict(tensors.Weights.ToDictionary());
        rnn.train(!c.Evaluation);
        return rnn;
    }

    internal static Dictionary<string, Tensor> ByHand(RnnFactory factory, RnnCase c, CaseTensors tensors)
    {
        using var rnn = Build(factory, c, tensors);
        return BackwardPass
            .Of(rnn, tensors.Input, tensors.H_0, tensors.GradOutput, tensors.GradH_n)
            .ToDictionary(g => $"grad.{g.Key}", g => g.Value);
    }

    internal static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return MemoryMarshal
            .Cast<byte, double>(tensor.detach().cpu().type(ScalarType.Float64).contiguous().bytes)
            .ToArray();
    }
}
