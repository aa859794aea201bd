using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Own;

/// <summary>What cannot be compared is said in a sentence.</summary>
public sealed partial class OwnShapeTests
{
    [TestCase("weight_hh_l0", double.NaN)]
    [TestCase("bias_ih_l0", double.PositiveInfinity)]
    public void A_trained_RNN_whose_weights_are_not_finite_is_undecided_and_told_so(string name, double value)
    {
        using var rnn = new LeftToRightRnn(sizes);
        using (no_grad())
            rnn.get_parameter(name)!.view(-1).narrow(0, 0, 1).copy_(tensor(value));
        var finding = Parity.Of(rnn, (r, x, h) => r.call(x, h), sizes);
        finding.Evidence.ShouldBe(Evidence.Undecided);
        finding
            .Explanation.ShouldNotBeNull()
            .ShouldEndWith($"{name} has values that are infinite or not numbers, from which nothing follows");
        // nor of one that has nn.RNN's bits, which say nothing then
        Parity
            .Of(rnn, (r, x, h) => (r.call(x, h).Item1.Times(double.NaN), r.call(x, h).Item2), sizes)
            .Evidence.ShouldBe(Evidence.Undecided);
    }

    [Test]
    public void A_trained_RNN_that_overflows_is_undecided_and_told_so()
    {
        var options = sizes with { NonLinearity = NonLinearities.ReLU, Dtype = ScalarType.Float32 };
        using var rnn = new LeftToRightRnn(options);
        using (no_grad())
            rnn.get_parameter("weight_hh_l0")!.copy_(rnn.get_parameter("weight_hh_l0")!.Times(1e12));
        var finding = Parity.Of(rnn, (r, x, h) => r.call(x, h), options);
        finding.Evidence.ShouldBe(Evidence.Undecided, finding.ToString());
        finding
            .ToString()
            .ShouldContain("errors grow without end, or a sum may overflow: the bound is infinite, and says nothing");
        finding.ToString().ShouldNotContain("a new one, called once");
        finding.ToString().ShouldNotContain("another function");
    }

    [Test]
    public void What_gives_nothing_without_gradients_or_in_evaluation_is_a_sentence([Values] bool evaluation)
    {
        var finding = Parity.Of(
            o => new LeftToRightRnn(o),
            (rnn, x, h_0) =>
            {
                var (output, h_n) = rnn.call(x, h_0);
                return (output, (evaluation ? rnn.training : is_grad_enabled()) ? h_n : null!);
            },
            evaluation ? sizes with { NumLayers = 2, Dropout = 0.4 } : sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain("h_n is null, a tensor is expected");
    }

    // one that differs is called twice in evaluation, where nothing is dropped
    [Test]
    public void What_differs_and_gives_nothing_in_evaluation_is_a_sentence()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                var (output, h_n) = rnn.call(x, h_0);
                return (output.Times(2), rnn.training ? h_n : null!);
            },
            sizes with
            {
                NumLayers = 2,
                Dropout = 0.4,
            }
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain("output differs in");
    }

    [Test]
    public void A_trained_RNN_that_its_forward_disposes_of_is_a_sentence()
    {
        var trained = new ParameterRnn(sizes);
        var finding = Parity.Of(
            trained,
            (rnn, x, h_0) =>
            {
                using (rnn)
                    return rnn.call(x, h_0);
            },
            sizes
        );
        finding.Holds.ShouldBeFalse();
        finding.ToString().ShouldContain("disposed");
    }

    [Test]
    public void A_trained_RNN_of_which_a_name_is_null_is_refused()
    {
        using var trained = new ParameterRnn(sizes);
        Should
            .Throw<ArgumentException>(() =>
                Parity.Of(
                    trained,
                    (rnn, x, h_0) => rnn.call(x, h_0),
                    sizes,
                    new() { Names = new Dictionary<string, string> { ["weight_ih_l0"] = null! } }
                )
            )
            .Message.ShouldBe("own: the name of weight_ih_l0 is null");
    }

    [Test]
    public void A_trained_RNN_without_parameters_or_disposed_is_refused()
    {
        using var none = Dropout(0.5);
        Should
            .Throw<ArgumentException>(() => Parity.Of(none, (r, x, h) => (r.call(x), h), sizes))
            .Message.ShouldBe("trained: it has no parameters, or it has been disposed");
        var disposed = new Course(10, 20);
        disposed.Dispose();
        Should
            .Throw<ArgumentException>(() => Parity.Of(disposed, (r, x, h) => r.States(x, h), sizes, course))
            .Message.ShouldStartWith("trained: ");
    }

    [Test]
    public void A_loop_is_not_batch_first() =>
        Parity
            .Of(
                o => new ParameterRnn(o),
                OwnRnn.Loop<ParameterRnn>((rnn, x_t, h) => h),
                sizes with
                {
                    BatchFirst = true,
                }
            )
            .ToString()
            .ShouldContain("Loop takes x (T, B, I), and not batch first");

    [Test]
    public void Under_inference_mode_it_is_what_it_is_else()
    {
        using var inference = inference_mode();
        Parity.Of(o => new ParameterRnn(o), sizes).ShouldHold();
        is_inference_mode_enabled().ShouldBeTrue();
    }

    [Test]
    public void A_trained_RNN_of_another_size_is_told_its_own()
    {
        using var rnn = new ParameterRnn(sizes);
        Should
            .Throw<ArgumentException>(() => Parity.Of(rnn, (r, x, h) => r.call(x, h), new(10, 21)))
            .Message.ShouldBe("trained: weight_ih_l0 is (20, 10), and the options ask for (21, 10)");
    }

    [Test]
    public void A_state_that_is_kept_with_its_graph_is_told()
    {
        // the history of notebook 003, which is never reset
        var finding = Parity.Of(
            o => new Kept(o),
            (rnn, x, _) => rnn.forward(x),
            sizes with
            {
                Dtype = ScalarType.Float32,
            },
            new() { WithoutInitialState = true }
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding
            .Explanation.ShouldNotBeNull()
            .ShouldContain("it keeps a state, or something computed from weights, with the graph");
    }

    [TestCase("weight_ih_l1", "h2h.weight", "own: weight_ih_l1 is none of nn.RNN's weights, weight_ih_l0, ")]
    [TestCase("weight_hh_l0", "i2h.weight", "own: i2h.weight is weight_ih_l0 and weight_hh_l0; one parameter can be")]
    [TestCase("weight_hh_l0", null, "own: the name of weight_hh_l0 is null")]
    public void A_name_that_cannot_be(string theirs, string? own, string sentence) =>
        Should
            .Throw<ArgumentException>(() =>
                Parity.Of(
                    o => new Course(o.InputSize, o.HiddenSize),
                    (rnn, x, h) => rnn.States(x, h),
                    sizes,
                    course with
                    {
                        Names = new Dictionary<string, string>(course.Names) { [theirs] = own! },
                    }
                )
            )
            .Message.ShouldStartWith(sentence);

    [Test]
    public void What_cannot_be_compared_is_said_in_a_sentence()
    {
        Parity
            .Of(o => new Course(o.InputSize, o.HiddenSize), (rnn, x, h) => rnn.States(x, h), sizes)
            .Explanation.ShouldNotBeNull()
            .ShouldContain(
                "mine: it has no parameter weight_ih_l0 (20, 10), and nn.RNN has; its own, each by its first name, are i2h.weight (20, 10), i2h.bias (20), h2h.weight (20, 20), h2o.weight (2, 20), h2o.bias (2)"
            );
        Parity
            .Of(
                o => new Course(o.InputSize, o.HiddenSize),
                (rnn, x, h) => rnn.States(x, h),
                sizes,
                course with
                {
                    Others = [],
                }
            )
            .Explanation.ShouldNotBeNull()
            .ShouldContain("mine: it has a parameter h2o.weight (2, 20), and nn.RNN has not");
        Parity
            .Of(o => LSTM(o.InputSize, o.HiddenSize), (lstm, x, h) => (lstm.call(x).Item1, h), sizes)
            .Explanation.ShouldNotBeNull()
            .ShouldContain("mine: weight_ih_l0 is (80, 10), (20, 10) is expected: an LSTM has four times the rows");
        Should
            .Throw<ArgumentException>(() => Parity.OfFunction<float>(Loops, sizes with { NumLayers = 2 }))
            .Message.ShouldStartWith("options: a function of arrays is one layer of one direction");
        Should
            .Throw<ArgumentException>(() => Parity.OfFunction<int>((_, _, _, _, x, h) => (x, h), sizes))
            .Message.ShouldBe("the numbers are Int32, float or double is expected");
        Should
            .Throw<ArgumentException>(() => Parity.OfFunction<float>(Loops, sizes with { Device = META }))
            .Message.ShouldBe("options: the device is meta; a function of arrays runs on the CPU");
        Should
            .Throw<ArgumentException>(() => Parity.Of(o => new ParameterRnn(o), sizes with { Device = META }))
            .Message.ShouldBe("options: the device is meta, cpu or cuda is expected");
        using var trained = new ParameterRnn(sizes);
        Should
            .Throw<ArgumentException>(() =>
                Parity.Of(trained, (rnn, x, h) => rnn.call(x, h), sizes with { Device = META })
            )
            .Message.ShouldBe("trained: it is on cpu, and the options ask for meta");
        Parity
            .OfFunction<float>((_, _, _, _, x, h) => (x, h), sizes)
            .Explanation.ShouldNotBeNull()
            .ShouldContain("mine: output is (5, 3, 10), (5, 3, 20) is expected");
    }
}
