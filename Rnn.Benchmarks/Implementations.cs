using BenchmarkDotNet.Attributes;
using Rnn.Parity.Cases;
using Rnn.Scratch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rnn.Benchmarks;

/// <summary>nn.RNN and the three implementations, at each size.</summary>
public abstract class Implementations
{
    private readonly Dictionary<string, nn.Module<Tensor, Tensor?, (Tensor, Tensor)>> rnns = [];
    private Tensor input = null!;
    private Tensor h_0 = null!;

    [ParamsSource(nameof(Sizes))]
    public Workload Size { get; set; } = Workload.All[0];

    public static IEnumerable<Workload> Sizes => Workload.All;

    [GlobalSetup]
    public void Setup()
    {
        var options = Options(Size);
        foreach (var factory in RnnFactory.Implementations.Append(RnnFactory.Rnn))
            rnns[factory.Name] = factory.Build(options);
        input = randn([Size.T, Size.B, Size.I], options.Dtype);
        h_0 = randn([options.NumLayers * options.NumDirections, Size.B, Size.H], options.Dtype);
    }

    [Benchmark(Baseline = true, Description = "nn.RNN")]
    public void Reference() => Run(rnns["nn.RNN"]);

    [Benchmark]
    public void ParameterRnn() => Run(rnns[nameof(ParameterRnn)]);

    [Benchmark]
    public void LinearRnn() => Run(rnns[nameof(LinearRnn)]);

    [Benchmark]
    public void StepLoopRnn() => Run(rnns[nameof(StepLoopRnn)]);

    protected virtual RnnOptions Options(Workload size) => new(size.I, size.H);

    protected abstract void Run(nn.Module<Tensor, Tensor?, (Tensor, Tensor)> rnn, Tensor input, Tensor h_0);

    private void Run(nn.Module<Tensor, Tensor?, (Tensor, Tensor)> rnn)
    {
        using var scope = NewDisposeScope();
        Run(rnn, input, h_0);
    }
}

/// <summary>One call without gradients.</summary>
public class Inference : Implementations
{
    protected override void Run(nn.Module<Tensor, Tensor?, (Tensor, Tensor)> rnn, Tensor input, Tensor h_0)
    {
        using var without = no_grad();
        rnn.call(input, h_0);
    }
}

/// <summary>The same in both directions.</summary>
public class InferenceBothDirections : Inference
{
    protected override RnnOptions Options(Workload size) => new(size.I, size.H, Bidirectional: true);
}

/// <summary>The same in float64.</summary>
public class InferenceFloat64 : Inference
{
    protected override RnnOptions Options(Workload size) => new(size.I, size.H, Dtype: ScalarType.Float64);
}

/// <summary>The same in bfloat16.</summary>
public class InferenceBFloat16 : Inference
{
    protected override RnnOptions Options(Workload size) => new(size.I, size.H, Dtype: ScalarType.BFloat16);
}

/// <summary>One call, and the gradients of every weight by autograd.</summary>
public class ForwardBackward : Implementations
{
    protected override void Run(nn.Module<Tensor, Tensor?, (Tensor, Tensor)> rnn, Tensor input, Tensor h_0)
    {
        var (output, _) = rnn.call(input, h_0);
        output.sum().backward();
        rnn.zero_grad();
    }
}
