using NUnit.Framework;
using Rnn.Scratch;
using Rnn.Scratch.Backward;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Scratch;

public sealed partial class BackwardPassTests
{
    [TestCase(4, new long[] { 5, 2, 4 }, new long[] { 1, 2, 4 }, "input has 4 features, the RNN expects 3")]
    [TestCase(3, new long[] { 5, 2, 3 }, new long[] { 1, 2, 4 }, "grad_output is (5, 2, 3), the RNN expects (5, 2, 4)")]
    [TestCase(3, new long[] { 2, 5, 4 }, new long[] { 1, 2, 4 }, "grad_output is (2, 5, 4), the RNN expects (5, 2, 4)")]
    [TestCase(3, new long[] { 5, 2, 4 }, new long[] { 2, 4 }, "grad_h_n is (2, 4), the RNN expects (1, 2, 4)")]
    public void It_refuses_another_shape(long features, long[] grad_output, long[] grad_h_n, string sentence)
    {
        using var scope = NewDisposeScope();
        using var rnn = new ParameterRnn(new(3, 4));
        Should
            .Throw<ArgumentException>(() =>
                BackwardPass.Of(rnn, zeros(5, 2, features), null, zeros(grad_output), zeros(grad_h_n))
            )
            .Message.ShouldBe(sentence);
    }

    [Test]
    public void It_refuses_another_type_and_null()
    {
        using var scope = NewDisposeScope();
        using var rnn = new ParameterRnn(new(3, 4));
        var (input, grad_output, grad_h_n) = (zeros(5, 2, 3), zeros(5, 2, 4), zeros(1, 2, 4));
        Should
            .Throw<ArgumentException>(() =>
                BackwardPass.Of(rnn, input, null, grad_output.type(ScalarType.Float64), grad_h_n)
            )
            .Message.ShouldBe("grad_output is Float64, the RNN's weights are Float32");
        Should
            .Throw<ArgumentException>(() =>
                BackwardPass.Of(rnn, input, null, grad_output, grad_h_n.type(ScalarType.Float64))
            )
            .Message.ShouldBe("grad_h_n is Float64, the RNN's weights are Float32");
        Should.Throw<ArgumentNullException>(() => BackwardPass.Of(null!, input, null, grad_output, grad_h_n));
        Should.Throw<ArgumentNullException>(() => BackwardPass.Of(rnn, null!, null, grad_output, grad_h_n));
        Should.Throw<ArgumentNullException>(() => BackwardPass.Of(rnn, input, null, null!, grad_h_n));
        Should.Throw<ArgumentNullException>(() => BackwardPass.Of(rnn, input, null, grad_output, null!));
    }

    [Test]
    public void It_refuses_active_dropout_and_takes_a_module_in_evaluation()
    {
        using var scope = NewDisposeScope();
        using var rnn = new ParameterRnn(new(3, 4, 2, Dropout: 0.5));
        Should
            .Throw<ArgumentException>(Run)
            .Message.ShouldBe(
                "dropout is 0.5 and the RNN is in training, the backward pass expects evaluation: eval()"
            );
        rnn.eval();
        Run()["weight_ih_l1"].shape.ShouldBe([4, 4]);
        using var single = new ParameterRnn(new(3, 4, Dropout: 0.5));
        BackwardPass.Of(single, zeros(5, 2, 3), null, zeros(5, 2, 4), zeros(1, 2, 4)).Count.ShouldBe(5);

        IReadOnlyDictionary<string, Tensor> Run() =>
            BackwardPass.Of(rnn, zeros(5, 2, 3), null, zeros(5, 2, 4), zeros(2, 2, 4));
    }

    [Test]
    public void Its_gradients_are_outside_of_autograd_and_named_as_the_parameters()
    {
        using var scope = NewDisposeScope();
        using var rnn = new LinearRnn(new(3, 4, 2, Bidirectional: true));
        var input = randn(5, 2, 3).requires_grad_();
        var gradients = BackwardPass.Of(rnn, input, null, randn(5, 2, 8), randn(4, 2, 4));
        gradients.Keys.ShouldBe(["input", .. rnn.named_parameters().Select(p => p.name)]);
        gradients.Values.ShouldAllBe(g => !g.requires_grad);
        foreach (var (name, parameter) in rnn.named_parameters())
            gradients[name].shape.ShouldBe(parameter.shape, name);
    }

    [Test]
    public void An_empty_batch_has_gradients_of_zero()
    {
        using var scope = NewDisposeScope();
        using var rnn = new ParameterRnn(new(3, 4));
        var gradients = BackwardPass.Of(rnn, zeros(5, 0, 3), zeros(1, 0, 4), zeros(5, 0, 4), zeros(1, 0, 4));
        gradients["input"].shape.ShouldBe([5, 0, 3]);
        Values(gradients["weight_hh_l0"]).ShouldAllBe(g => g == 0);
    }
}

/// <summary>What the backward pass makes dies with it, but for what it returns.</summary>
[NonParallelizable]
public sealed class BackwardPassLiveTensorTests
{
    // What other tests left to the collector must not die while tensors are counted.
    [SetUp]
    public void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Test]
    public void A_call_leaves_its_gradients_and_nothing_else([Values] bool unbatched, [Values] bool batchFirst)
    {
        using var outer = NewDisposeScope();
        using var rnn = new ParameterRnn(new(3, 4, 2, Bidirectional: true, BatchFirst: batchFirst));
        long[] batch = unbatched ? [] : [5];
        var (input, h_0) = (randn([.. batch, 5, 3]), randn([4, .. batch, 4]));
        var (grad_output, grad_h_n) = (randn([.. batch, 5, 8]), randn([4, .. batch, 4]));
        var before = Tensor.TotalCount;
        for (var i = 0; i < 20; i++)
        {
            var gradients = BackwardPass.Of(rnn, input, h_0, grad_output, grad_h_n);
            Tensor.TotalCount.ShouldBe(before + gradients.Count);
            foreach (var gradient in gradients.Values)
                gradient.Dispose();
            var adjoints = BackwardPass.Adjoints(rnn, input, h_0, grad_output, grad_h_n);
            Tensor.TotalCount.ShouldBe(before + adjoints.Count);
            foreach (var adjoint in adjoints.Values)
                adjoint.Dispose();
            var traces = ForwardTrace.Of(rnn, input, h_0);
            Tensor.TotalCount.ShouldBe(before + 2 * traces.Count);
            foreach (var (X, H) in traces)
            {
                X.Dispose();
                H.Dispose();
            }
            Should.Throw<ArgumentException>(() => BackwardPass.Of(rnn, input, h_0, grad_h_n, grad_output));
        }
        Tensor.TotalCount.ShouldBe(before);
        input.IsInvalid.ShouldBeFalse();
    }
}
