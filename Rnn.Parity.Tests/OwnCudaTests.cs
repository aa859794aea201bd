using NUnit.Framework;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using Shouldly;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests;

/// <summary>RNNs of one's own on a GPU, where nn.RNN has another tanh and another slope of relu at 0.</summary>
[Category("Cuda")]
[NonParallelizable]
public sealed class OwnCudaTests
{
    [Test]
    public void Right_ones_hold([Values] NonLinearities φ, [Values(1, 2)] int layers)
    {
        var options = new RnnOptions(10, 20, layers, φ, Device: RunsOn.Cuda());
        Parity.Of(o => new ParameterRnn(o), options).ShouldHold();
        Parity.Of(o => new LeftToRightRnn(o), options).ShouldHold();
        Parity.Of(o => new Around(o), options).ShouldHold();
    }

    [Test]
    public void A_trained_one_holds_where_it_is([Values] NonLinearities φ)
    {
        using var rnn = new ParameterRnn(new(10, 20, 1, φ, Device: RunsOn.Cuda()));
        Parity.Of(rnn, (r, x, h) => r.call(x, h), new(10, 20, 1, φ)).ShouldHold();
        rnn.parameters().ShouldAllBe(p => p.device_type == DeviceType.CUDA);
    }

    [Test]
    public void A_wrong_one_differs([Values] NonLinearities φ)
    {
        var options = new RnnOptions(10, 20, 1, φ, Device: RunsOn.Cuda());
        var finding = Parity.Of(o => new Around(o) { Wrong = true }, options);
        finding.Evidence.ShouldBe(Comparison.Evidence.Differs);
        // of a step with cuDNN's tanh no mistake is named
        finding.Explanation.ShouldNotBeNull().ShouldContain(φ == NonLinearities.ReLU ? "b_hh" : "began in layer 0");
    }

    /// <summary>nn.RNN under another name, or with a bias forgotten.</summary>
    private sealed class Around : Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        private readonly TorchSharp.Modules.RNN inner;

        public Around(RnnOptions o)
            : base(nameof(Around))
        {
            inner = RNN(o.InputSize, o.HiddenSize, o.NumLayers, o.NonLinearity, device: o.Device, dtype: o.Dtype);
            foreach (var (name, parameter) in inner.named_parameters())
                register_parameter(name, parameter);
        }

        public bool Wrong { get; init; }

        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0)
        {
            if (Wrong)
                using (no_grad())
                    get_parameter("bias_hh_l0")!.zero_();
            return inner.call(x, h_0);
        }
    }
}
