using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using Shouldly;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Own;

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
    public void A_right_one_never_differs_in_any_type(
        [Values(ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64)] ScalarType dtype,
        [Values] bool batchFirst
    )
    {
        var options = new RnnOptions(10, 20, BatchFirst: batchFirst, Device: RunsOn.Cuda(), Dtype: dtype);
        var finding = Parity.Of(o => new ParameterRnn(o), options with { Bidirectional = true });
        finding.Evidence.ShouldNotBe(Evidence.Differs, finding.Explanation);
        if (dtype is ScalarType.Float32 or ScalarType.Float64)
            finding.ShouldHold();
    }

    [Test]
    public void A_class_that_knows_no_device_is_moved_there([Values] NonLinearities φ) =>
        Parity
            .Of(o => new ParameterRnn(o with { Device = null, Dtype = null }), new(10, 20, 1, φ, Device: RunsOn.Cuda()))
            .ShouldHold();

    [Test]
    public void A_trained_one_holds_where_it_is([Values] NonLinearities φ)
    {
        using var rnn = new ParameterRnn(new(10, 20, 1, φ, Device: RunsOn.Cuda()));
        Parity.Of(rnn, (r, x, h) => r.call(x, h), new(10, 20, 1, φ)).ShouldHold();
        rnn.parameters().ShouldAllBe(p => p.device_type == DeviceType.CUDA);
        Should
            .Throw<ArgumentException>(() => Parity.Of(rnn, (r, x, h) => r.call(x, h), new(10, 20, 1, φ, Device: CPU)))
            .Message.ShouldBe("trained: it is on cuda:0, and the options ask for cpu");
    }

    [Test]
    public void A_trained_nn_RNN_holds_and_in_evaluation_it_has_no_gradients()
    {
        using var rnn = RNN(10, 20, 2, bidirectional: true, device: RunsOn.Cuda());
        Finding Beside(bool forwardOnly) =>
            Parity.Of(
                rnn,
                (r, x, h) => r.call(x, h),
                new(10, 20, 2, Bidirectional: true),
                new() { ForwardOnly = forwardOnly }
            );
        Beside(forwardOnly: false).ShouldHold();
        rnn.eval();
        Beside(forwardOnly: true).ShouldHold();
        var finding = Beside(forwardOnly: false);
        finding.Evidence.ShouldBe(Evidence.Undecided, finding.Explanation);
        finding.Explanation.ShouldNotBeNull().ShouldContain("cuDNN has no backward pass in evaluation");
        rnn.training.ShouldBeFalse();
    }

    [Test]
    public void Where_the_bound_says_nothing_its_layers_are_traced_there([Values] NonLinearities φ)
    {
        var c = new RnnCase("own-chaotic", "weights four times as large", 50, 1, new(4, 32, 2, φ))
        {
            Refine = t => t with { Weights = t.Weights.ToDictionary(w => w.Key, w => w.Value.Times(4)) },
        };
        var cuda = RunsOn.Cuda();
        var finding = Parity.Of(
            new RnnFactory("mine", o => new LeftToRightRnn(o)),
            RnnFactory.RnnCell,
            c.FittedTo(cuda),
            cuda
        );
        finding.Evidence.ShouldNotBe(Evidence.Differs, finding.Explanation);
    }

    [Test]
    public void A_wrong_one_differs([Values] NonLinearities φ)
    {
        var options = new RnnOptions(10, 20, 1, φ, Device: RunsOn.Cuda());
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                var (h, states) = (h_0[0], new List<Tensor>());
                foreach (var x_t in x.unbind(0))
                    states.Add(h = options.Activation(Term("ih", x_t).Plus(Term("hh", h))));
                return (stack(states, 0), h.unsqueeze(0));

                Tensor Term(string kind, Tensor of) =>
                    functional.linear(
                        of,
                        rnn.get_parameter($"weight_{kind}_l0")!,
                        kind == "ih" ? rnn.get_parameter("bias_ih_l0") : rnn.get_parameter("bias_hh_l0")!.Times(0)
                    );
            },
            options
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        // of a step with cuDNN's tanh no mistake is named
        finding.Explanation.ShouldNotBeNull().ShouldContain(φ == NonLinearities.ReLU ? "b_hh" : "began in layer 0");
    }

    /// <summary>nn.RNN under another name.</summary>
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

        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0) => inner.call(x, h_0);
    }
}
