using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

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
        var weights = nn.RNN(4, 6).state_dict();
        var (x, h_0, output) = (zeros(5, 3, 4), zeros(1, 3, 6), zeros(5, 3, 6));
        Refusal(weights, x[0], h_0, output).ShouldBe("input has 2 dimensions, 3 are expected");
        Refusal(weights, zeros(5, 3, 7), h_0, output).ShouldBe("input is (5, 3, 7), the RNN expects (5, 3, 4)");
        Refusal(weights, x, zeros(3, 6), output).ShouldBe("h_0 is (3, 6), the RNN expects (1, 3, 6)");
        Refusal(weights, x, h_0, zeros(3, 5, 6)).ShouldBe("output is (3, 5, 6), the RNN expects (5, 3, 6)");
        Refusal(weights, x, h_0, output.@double()).ShouldBe("output is Float64, the RNN is of Float32");
        weights["weight_hh_l0"] = zeros(6, 4);
        Refusal(weights, x, h_0, output).ShouldBe("weight_hh_l0 is (6, 4), the RNN expects (6, 6)");
        weights.Remove("weight_hh_l0");
        Should
            .Throw<ArgumentNullException>(() => Certification.Of(options, weights, x, h_0, output))
            .ParamName.ShouldBe("weight_hh_l0");

        string Refusal(Dictionary<string, Tensor> w, Tensor x, Tensor? h_0, Tensor h) =>
            Should.Throw<ArgumentException>(() => Certification.Of(options, w, x, h_0, h)).Message;
    }
}
