using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Scratch;

/// <summary>The cell alone beside nn.RNNCell: one step, with and without a state, and its gradients.</summary>
[MutationOf("scratch")]
public sealed class CellTests
{
    [Test]
    public void A_step_is_identical_to_nn_RNNCell(
        [Values] NonLinearities nonLinearity,
        [Values] bool bias,
        [Values] bool withState,
        [Values(ScalarType.Float32, ScalarType.Float64)] ScalarType dtype
    )
    {
        using var scope = NewDisposeScope();
        using var theirs = RNNCell(10, 20, nonLinearity, bias, dtype: dtype);
        using var ours = new LinearRnnCell(10, 20, nonLinearity, bias, dtype: dtype);
        ours.load_state_dict(theirs.state_dict());
        using var generator = new Generator(5);
        var x = randn(3, 10, dtype, generator: generator);
        var h = withState ? randn(3, 20, dtype, generator: generator) : null;
        var cotangent = randn(3, 20, dtype, generator: generator);

        var expected = Run(theirs.forward, theirs.parameters(), x, h, cotangent);
        var actual = Run(ours.forward, ours.parameters(), x, h, cotangent);

        actual.Count.ShouldBe(expected.Count);
        for (var i = 0; i < expected.Count; i++)
            TensorComparison.Compare($"quantity {i}", actual[i], expected[i]).ShouldBeNull();
    }

    private static List<Tensor> Run(
        Func<Tensor, Tensor?, Tensor> step,
        IEnumerable<Parameter> parameters,
        Tensor x,
        Tensor? h,
        Tensor cotangent
    )
    {
        var leaves = new List<Tensor> { x.clone().requires_grad_() };
        if (h is not null)
            leaves.Add(h.clone().requires_grad_());
        var next = step(leaves[0], h is null ? null : leaves[1]);
        leaves.AddRange(parameters);
        return [next.detach(), .. Gradients.OfAll([next], leaves, [cotangent])];
    }
}
