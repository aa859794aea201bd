using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using Shouldly;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Own;

/// <summary>RNNs as people write them, each unlike nn.RNN in one way: right ones hold, and a mistake is named.</summary>
public sealed partial class OwnShapeTests
{
    private static readonly RnnOptions sizes = new(10, 20);

    private static readonly OwnRnn course = new()
    {
        Names = new Dictionary<string, string>
        {
            ["weight_ih_l0"] = "i2h.weight",
            ["weight_hh_l0"] = "h2h.weight",
            ["bias_ih_l0"] = "i2h.bias",
            ["bias_hh_l0"] = "i2h.bias",
        },
        Others = ["h2o.weight", "h2o.bias"],
    };

    [Test]
    public void A_class_with_the_forward_of_nn_RNN()
    {
        var finding = Parity.Of(o => new ParameterRnn(o), sizes);
        finding.ShouldHold();
        finding.Detail.ShouldBe("of 18 cases beside nn.RNN, exact in 2, identical in 16");
        Parity.Of(o => new LeftToRightRnn(o), sizes).Evidence.ShouldBe(Evidence.Certified);
    }

    [Test]
    public void A_finding_is_kept_as_a_certificate()
    {
        var folder = Directory.CreateTempSubdirectory();
        var file = Path.Combine(folder.FullName, "kept", "mine.csv");
        var finding = Parity.Of(
            o => new Course(o.InputSize, o.HiddenSize),
            (rnn, x, h) => rnn.States(x, h),
            sizes,
            course
        );
        (finding with { Explanation = "one, \"two\"\nthree" }).WriteCertificate(file);
        var lines = File.ReadAllLines(file);
        lines[..3].ShouldBe(["key,value", $"evidence,{finding.Evidence.Word()}", "holds,yes"]);
        lines.ShouldContain("explanation,\"one, \"\"two\"\"");
        lines.ShouldContain(line => line.StartsWith("libtorch,", StringComparison.Ordinal));
        Should.Throw<IOException>(() => finding.WriteCertificate(folder.FullName));
        folder.Delete(recursive: true);
    }

    [TestCase(1, 20)]
    [TestCase(10, 1)]
    [TestCase(1, 1)]
    [TestCase(0, 3)]
    public void Sizes_of_one_and_none(int I, int H) => Parity.Of(o => new ParameterRnn(o), new(I, H)).ShouldHold();

    [Test]
    public void Every_option_of_nn_RNN() =>
        Parity
            .Of(o => new LinearRnn(o), new(3, 4, 2, NonLinearities.ReLU, BatchFirst: true, Bidirectional: true))
            .ShouldHold();

    [Test]
    public void A_step_in_float64_that_is_rounded_is_certified_and_not_exact()
    {
        var finding = Parity.Of(
            o => new Course(o.InputSize, o.HiddenSize) { Wide = true },
            (rnn, x, h) => rnn.States(x, h),
            sizes with
            {
                Dtype = ScalarType.Float32,
            },
            course
        );
        finding.Evidence.ShouldBe(Evidence.Certified, finding.Explanation);
        finding.Detail.ShouldNotContain("exact in");
    }

    [Test]
    public void A_function_of_no_features() =>
        Parity
            .OfFunction<float>(
                (_, W_hh, b_ih, b_hh, x, h_0) => Loops(new float[b_ih.Length, 0], W_hh, b_ih, b_hh, x, h_0),
                new(0, 5)
            )
            .ShouldHold();

    [Test]
    public void Own_names_one_bias_and_a_head() =>
        Parity
            .Of(o => new Course(o.InputSize, o.HiddenSize), (rnn, x, h) => rnn.States(x, h), sizes, course)
            .ShouldHold();

    [Test]
    public void A_mistake_in_it_is_named()
    {
        var finding = Parity.Of(
            o => new Course(o.InputSize, o.HiddenSize) { Forgets = true },
            (rnn, x, h) => rnn.States(x, h),
            sizes,
            course
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        Should.Throw<ParityException>(finding.ShouldHold).Message.ShouldContain("the term W_hh h has h_0 for h_{t−1}");
    }

    [Test]
    public void An_RNN_that_is_trained_already_keeps_its_weights_and_is_not_disposed_of()
    {
        using var trained = new Course(10, 20);
        trained.eval();
        var before = trained.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
        var finding = Parity.Of(trained, (rnn, x, h) => rnn.States(x, h), sizes, course);
        finding.ShouldHold();
        finding.Detail.ShouldStartWith("of 8 cases beside nn.RNN, ");
        trained.training.ShouldBeFalse();
        foreach (var (name, parameter) in trained.named_parameters())
            TensorComparison.Compare(name, parameter, before[name]).ShouldBeNull();
        trained.Forgets = true;
        Parity.Of(trained, (rnn, x, h) => rnn.States(x, h), sizes, course).Evidence.ShouldBe(Evidence.Differs);
    }

    [Test]
    public void Weights_as_in_and_out() =>
        Parity
            .Of(
                o => new InOut(o.InputSize, o.HiddenSize),
                (rnn, x, h) => rnn.States(x, h),
                sizes,
                new() { Transposed = true }
            )
            .ShouldHold();

    [Test]
    public void Batch_first_and_states_alone() =>
        Parity
            .Of(
                o => new Course(o.InputSize, o.HiddenSize),
                (rnn, x, h) =>
                {
                    var states = rnn.States(x.transpose(0, 1), h).Item1;
                    return (states.transpose(0, 1), states[-1].unsqueeze(0));
                },
                sizes with
                {
                    BatchFirst = true,
                },
                course
            )
            .ShouldHold();

    [Test]
    public void A_cell_that_is_looped() =>
        Parity
            .Of(
                o => RNNCell(o.InputSize, o.HiddenSize),
                OwnRnn.Loop<RNNCell>((cell, x, h) => cell.call(x, h)),
                sizes,
                new()
                {
                    Names = new Dictionary<string, string>
                    {
                        ["weight_ih_l0"] = "weight_ih",
                        ["weight_hh_l0"] = "weight_hh",
                        ["bias_ih_l0"] = "bias_ih",
                        ["bias_hh_l0"] = "bias_hh",
                    },
                }
            )
            .ShouldHold();

    [Test]
    public void A_class_without_h_0() =>
        Parity
            .Of(
                o => new Course(o.InputSize, o.HiddenSize),
                (rnn, x, _) => rnn.States(x, zeros(1, x.shape[1], 20, x.dtype)),
                sizes,
                course with
                {
                    WithoutInitialState = true,
                }
            )
            .ShouldHold();

    [Test]
    public void A_class_without_gradients()
    {
        var finding = Parity.Of(
            o => new Course(o.InputSize, o.HiddenSize),
            (rnn, x, h) =>
            {
                using var without = no_grad();
                return rnn.States(x, h);
            },
            sizes,
            course with
            {
                ForwardOnly = true,
            }
        );
        finding.ShouldHold();
    }

    [Test]
    public void A_function_of_arrays()
    {
        Parity
            .OfFunction<float>((W_ih, W_hh, b_ih, b_hh, x, h_0) => Loops(W_ih, W_hh, b_ih, b_hh, x, h_0), sizes)
            .ShouldHold();
        Parity
            .OfFunction<float>(
                (W_ih, W_hh, b_ih, b_hh, x, h_0) => Loops(W_ih, W_hh, b_ih, new float[b_hh.Length], x, h_0),
                sizes
            )
            .Explanation.ShouldNotBeNull()
            .ShouldEndWith("the term b_hh is missing: another function");
    }
}
