using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Tests.Oracles;
using Rnn.Scratch;
using Rnn.Scratch.Backward;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Scratch;

public sealed partial class BackwardPassTests
{
    [TestCaseSource(nameof(SomeExactCases))]
    public void On_integers_the_adjoints_of_the_states_are_those_of_autograd(RnnCase c)
    {
        using var scope = NewDisposeScope();
        var t = SparseIntegers.Of(c, c.Draw());
        using var rnn = Build(RnnFactory.Implementations[0], c, t);
        var adjoints = BackwardPass.Adjoints(rnn, t.Input, t.H_0, t.GradOutput, t.GradH_n);
        var traced = new Dictionary<string, IReadOnlyList<Tensor>>();
        rnn.Traced = (suffix, states) => traced[suffix] = [.. states.Select(h => h.DetachFromDisposeScope())];
        var (output, h_n) = rnn.call(t.Input, t.H_0);
        adjoints.Keys.ShouldBe(traced.Keys, ignoreOrder: true);
        Tensor[] all = [.. traced.Values.SelectMany(states => states)];
        var each = Gradients.OfAll([output, h_n], all, [t.GradOutput, t.GradH_n]).Chunk((int)c.T);
        foreach (var (suffix, steps) in traced.Keys.Zip(each))
        {
            var gradients = stack(steps, 0);
            var inTime = suffix.EndsWith("_reverse", StringComparison.Ordinal) ? gradients.flip(0) : gradients;
            TensorComparison.Compare(suffix, adjoints[suffix].Plus(0), inTime.Plus(0)).ShouldBeNull($"{c}");
        }
        foreach (var h in all)
            h.Dispose();
    }

    [Test]
    public void A_trace_has_what_each_layer_read_and_made_in_the_order_of_computation([Values] bool given)
    {
        using var scope = NewDisposeScope();
        using var rnn = new ParameterRnn(new(3, 4, 2, NonLinearities.ReLU, Bidirectional: true));
        var (input, h_0) = (randn(5, 2, 3), randn(4, 2, 4));
        var traces = ForwardTrace.Of(rnn, input, given ? h_0 : null);
        traces.Count.ShouldBe(4);
        var (forward, reverse) = (States(traces[0]), States(traces[1]));
        Same(traces[0].X, input);
        Same(traces[1].X, input.flip(0));
        Same(traces[2].X, cat([forward, reverse.flip(0)], -1));
        Same(traces[3].X, cat([forward, reverse.flip(0)], -1).flip(0));
        for (var i = 0; i < 4; i++)
        {
            Same(traces[i].H.select(0, 0), given ? h_0.select(0, i) : zeros(2, 4));
            traces[i].H.requires_grad.ShouldBeFalse();
        }
        var (output, h_n) = rnn.call(input, given ? h_0 : null);
        Same(output, cat([States(traces[2]), States(traces[3]).flip(0)], -1));
        Same(h_n, stack(traces.Select(trace => trace.H.select(0, 5)), 0));

        static Tensor States(LayerTrace trace) => trace.H.narrow(0, 1, 5);
        static void Same(Tensor actual, Tensor expected) =>
            TensorComparison.Compare("trace", actual, expected).ShouldBeNull();
    }

    [Test]
    public void A_trace_leaves_the_callers_own_alone()
    {
        using var scope = NewDisposeScope();
        using var rnn = new ParameterRnn(new(3, 4));
        var calls = 0;
        Action<string, IReadOnlyList<Tensor>> own = (_, _) => calls++;
        rnn.Traced = own;
        ForwardTrace.Of(rnn, zeros(5, 2, 3), null);
        calls.ShouldBe(0);
        rnn.Traced.ShouldBeSameAs(own);
        Should.Throw<ArgumentException>(() => ForwardTrace.Of(rnn, zeros(5, 2, 2), null));
        Should.Throw<ArgumentNullException>(() => ForwardTrace.Of(null!, zeros(5, 2, 3), null));
    }
}
