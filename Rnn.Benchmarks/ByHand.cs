using BenchmarkDotNet.Attributes;
using Rnn.Scratch;
using Rnn.Scratch.Backward;
using TorchSharp;
using static TorchSharp.torch;

namespace Rnn.Benchmarks;

/// <summary>Forward and backward: nn.RNN through autograd, and the backward pass by hand.</summary>
public class ByHand
{
    private nn.Module<Tensor, Tensor?, (Tensor, Tensor)> theirs = null!;
    private ParameterRnn ours = null!;
    private Tensor input = null!;
    private Tensor h_0 = null!;
    private Tensor grad_output = null!;
    private Tensor grad_h_n = null!;

    [ParamsSource(nameof(Sizes))]
    public Workload Size { get; set; } = Workload.All[0];

    public static IEnumerable<Workload> Sizes => Workload.All;

    [GlobalSetup]
    public void Setup()
    {
        (theirs, ours) = (nn.RNN(Size.I, Size.H), new ParameterRnn(new(Size.I, Size.H)));
        (input, h_0) = (randn(Size.T, Size.B, Size.I), randn(1, Size.B, Size.H));
        // by hand everything has a gradient
        (input, h_0) = (input.requires_grad_(), h_0.requires_grad_());
        (grad_output, grad_h_n) = (ones(Size.T, Size.B, Size.H), zeros(1, Size.B, Size.H));
    }

    [Benchmark(Baseline = true, Description = "nn.RNN, autograd")]
    public void Autograd()
    {
        using var scope = NewDisposeScope();
        var (output, _) = theirs.call(input, h_0);
        output.sum().backward();
        theirs.zero_grad();
        (input.grad, h_0.grad) = (null, null);
    }

    [Benchmark(Description = "BackwardPass")]
    public void Hand()
    {
        using var scope = NewDisposeScope();
        BackwardPass.Of(ours, input, h_0, grad_output, grad_h_n);
    }
}
