using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>The states of one call, certified with no case.</summary>
public sealed partial class CertificationTests
{
    [TestCase(1, false, false, false)]
    [TestCase(2, true, false, true)]
    [TestCase(1, false, true, false)]
    [TestCase(1, false, false, true)]
    public void The_states_of_one_call_are_certified_and_no_others(int layers, bool both, bool batchFirst, bool noH_0)
    {
        using var scope = NewDisposeScope();
        RnnOptions options = new(4, 6, layers, BatchFirst: batchFirst, Bidirectional: both);
        using var rnn = nn.RNN(4, 6, layers, batchFirst: batchFirst, bidirectional: both);
        var (x, h_0) = (randn(5, 3, 4), noH_0 ? null : randn(layers * (both ? 2 : 1), batchFirst ? 5 : 3, 6));
        using var without = no_grad();
        var output = rnn.call(x, h_0).Item1;
        Judge(output).Evidence.ShouldBe(Evidence.Certified);
        Judge(output.Plus(1e-3)).Evidence.ShouldBe(Evidence.Differs);
        Judge(output.Times(double.NaN)).Evidence.ShouldBe(Evidence.Differs);

        Finding Judge(Tensor states) => Certification.Of(options, rnn.state_dict(), x, h_0, states);
    }

    [Test]
    public void A_tensor_that_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();
        RnnOptions options = new(4, 6);
        var weights = RnnFactory.Rnn.New(options).state_dict();
        var (x, h_0, output) = (zeros(5, 3, 4), zeros(1, 3, 6), zeros(5, 3, 6));
        Refusal(weights, x[0], h_0, output).ShouldBe("input has 2 dimensions, 3 are expected");
        Refusal(weights, zeros(0, 3, 4), h_0, zeros(0, 3, 6)).ShouldBe("T is 0, at least 1 is expected");
        Refusal(weights, zeros(5, 3, 7), h_0, output).ShouldBe("input is (5, 3, 7), (5, 3, 4) is expected");
        Refusal(weights, x, zeros(3, 6), output).ShouldBe("h_0 is (3, 6), (1, 3, 6) is expected");
        Refusal(weights, x, h_0, zeros(3, 5, 6)).ShouldBe("output is (3, 5, 6), (5, 3, 6) is expected");
        Refusal(weights, x, h_0, output.@double()).ShouldBe("output is Float64, the options ask for Float32");
        Refusal(weights, x.to_sparse(), h_0, output).ShouldBe("input is not a dense tensor on the CPU");
        Should
            .Throw<ArgumentNullException>(() => Certification.Of(options, weights, x, h_0, null!))
            .ParamName.ShouldBe("output");
        var disposed = zeros(5, 3, 6);
        disposed.Dispose();
        Refusal(weights, x, h_0, disposed).ShouldBe("output has been disposed");
        weights["weight_hh_l0"] = zeros(6, 4);
        Refusal(weights, x, h_0, output).ShouldBe("weight_hh_l0 is (6, 4), (6, 6) is expected");
        weights["kernel"] = zeros(6, 6);
        Refusal(weights, x, h_0, output).ShouldBe("the weights have a kernel, which nn.RNN with these options has not");
        weights.Remove("weight_hh_l0");
        Refusal(weights, x, h_0, output)
            .ShouldBe("the weights have no weight_hh_l0; they are weight_ih_l0, bias_ih_l0, bias_hh_l0, kernel");
        Should
            .Throw<ArgumentException>(() => Certification.Of(options with { Dropout = 5 }, weights, x, h_0, output))
            .Message.ShouldStartWith("dropout is 5");

        string Refusal(Dictionary<string, Tensor> w, Tensor x, Tensor? h_0, Tensor h) =>
            Should.Throw<ArgumentException>(() => Certification.Of(options, w, x, h_0, h)).Message;
    }

    [Test]
    public void A_run_of_another_case_is_refused()
    {
        using var scope = NewDisposeScope();
        var tensors = Stack.Draw();
        var run = TracedRun.ByAutograd(RnnFactory.Implementations[0], Stack, tensors);
        var inner = run.Inner;
        Refusal("output", null).ShouldBe("Value cannot be null. (Parameter 'output')");
        Refusal("h_n", zeros(5, 3, 6)).ShouldBe("h_n is (5, 3, 6), (4, 3, 6) is expected");
        Refusal("grad.foo", zeros(1)).ShouldBe("grad.foo is no quantity of a run");
        Refusal("output", run.Quantities["output"].@double())
            .ShouldBe("output is Float64, the options ask for Float32");
        Refusal("output", zeros(5, 3, 12)).ShouldStartWith("inner's last output is not the run's: output differs in");
        inner = run.Inner with { Adjoints = [] };
        Refusal("h_n", run.Quantities["h_n"])
            .ShouldBe("inner has the adjoints of 0 layers and directions, 4 are expected");
        inner = run.Inner with { Adjoints = [.. run.Inner.Adjoints!.Select(adjoint => adjoint.narrow(0, 0, 1))] };
        Refusal("h_n", run.Quantities["h_n"]).ShouldStartWith("an adjoint of inner is (1, ");
        inner = new Inner([run.Quantities["output"]]);
        Refusal("h_n", run.Quantities["h_n"]).ShouldBe("inner has the outputs of 1 layers, 2 are expected");
        Should
            .Throw<ArgumentException>(() => Certification.Of(Stack, tensors, new Dictionary<string, Tensor>()))
            .Message.ShouldBe("the run has no output");
        Should.Throw<ArgumentException>(() => Certification.Of(Stack, tensors, run.Quantities, tanhError: -8));

        string Refusal(string name, Tensor? value)
        {
            var other = new Dictionary<string, Tensor>(run.Quantities) { [name] = value! };
            return Should
                .Throw<ArgumentException>(() => Certification.Of(Stack, tensors, other, inner, complete: false))
                .Message;
        }
    }
}
