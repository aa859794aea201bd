using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Exact;
using Rnn.Scratch.Backward;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

public sealed partial class BackwardPassTests
{
    public enum Mistake
    {
        None,
        ForgetsTheLastStep,
        ForgetsTheFirstStep,
        ForgetsH_n,
        ForgetsTheTranspose,
        TakesTheStateAfterTheStep,
        HasSlopeOneAtZero,
        ForgetsTheSlope,
    }

    [Test]
    public void The_exact_comparison_catches_a_wrong_adjoint([Values] Mistake mistake)
    {
        using var scope = NewDisposeScope();
        var c = Relu("mistake", 5, 3, new(4, 6));
        var tensors = SparseIntegers.Of(c, c.Draw());
        var exact = IntegerOracle.Of(c, tensors).Where(q => q.Key.StartsWith("grad.", StringComparison.Ordinal));

        var finding = ParityCheck.Compare("", Unsigned(Wrong(c, tensors, mistake)), exact.ToDictionary());

        finding.Evidence.ShouldBe(mistake == Mistake.None ? Evidence.Identical : Evidence.Differs, finding.Explanation);
    }

    // One layer in one direction, with at most one mistake.
    private static Dictionary<string, Tensor> Wrong(RnnCase c, CaseTensors tensors, Mistake mistake)
    {
        using var rnn = Build(RnnFactory.Implementations[0], c, tensors);
        var w = tensors.Weights;
        var (X, H) = ForwardTrace.Of(rnn, tensors.Input, tensors.H_0)[0];
        var before = H.narrow(0, 0, c.T);
        var b = w["bias_ih_l0"] + w["bias_hh_l0"];
        var a = X.matmul(w["weight_ih_l0"].t()) + before.matmul(w["weight_hh_l0"].t()) + b;
        var slope = (mistake == Mistake.HasSlopeOneAtZero ? a >= 0 : a > 0).type(a.dtype);

        var a_bar = new Tensor[c.T];
        var carried = mistake == Mistake.ForgetsH_n ? zeros(c.B, 6) : tensors.GradH_n.select(0, 0);
        for (var t = (int)c.T - 1; t >= 0; t--)
        {
            var h_bar = tensors.GradOutput.select(0, t) + carried;
            a_bar[t] = mistake == Mistake.ForgetsTheSlope ? h_bar : h_bar * slope.select(0, t);
            if (
                t == c.T - 1 && mistake == Mistake.ForgetsTheLastStep
                || t == 0 && mistake == Mistake.ForgetsTheFirstStep
            )
                a_bar[t] = a_bar[t] * 0;
            var W = w["weight_hh_l0"];
            carried = a_bar[t].matmul(mistake == Mistake.ForgetsTheTranspose ? W.t() : W);
        }
        var A = stack(a_bar, 0);
        var read = mistake == Mistake.TakesTheStateAfterTheStep ? H.narrow(0, 1, c.T) : before;
        return new()
        {
            ["grad.input"] = A.matmul(w["weight_ih_l0"]),
            ["grad.h_0"] = carried.unsqueeze(0),
            ["grad.weight_ih_l0"] = A.reshape(-1, 6).t().matmul(X.reshape(-1, 4)),
            ["grad.weight_hh_l0"] = A.reshape(-1, 6).t().matmul(read.reshape(-1, 6)),
            ["grad.bias_ih_l0"] = A.sum(0, 1),
            ["grad.bias_hh_l0"] = A.sum(0, 1),
        };
    }
}
