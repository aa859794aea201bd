using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>Which quantities a run must have, what is said of them, and what is left behind.</summary>
public sealed partial class CertificationTests
{
    [Test]
    public void A_run_without_gradients_is_certified_and_its_quantities_are_counted()
    {
        using var scope = NewDisposeScope();
        var tensors = Stack.Draw();
        var finding = Forward(Stack, tensors, RnnFactory.Rnn);
        (finding.Evidence, finding.Detail).ShouldBe((Evidence.Certified, "output, h_n, 0 of 18 gradients"));
        // output (5, 3, 12) and h_n (4, 3, 6)
        finding.Elements.ShouldBe(5 * 3 * 12 + 4 * 3 * 6);
    }

    [Test]
    public void The_error_that_tanh_was_allowed_is_part_of_what_was_found([Values] nn.NonLinearities φ)
    {
        using var scope = NewDisposeScope();
        var c = Stack with { Options = Stack.Options with { NonLinearity = φ } };
        var tensors = c.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU);
        Certification.Of(c, tensors, run).TanhError.ShouldBe(0);
        Certification.Of(c, tensors, run, tanhError: 8).TanhError.ShouldBe(φ == nn.NonLinearities.Tanh ? 8 : 0);
    }

    [Test]
    public void A_misshapen_gradient_is_a_sentence()
    {
        using var scope = NewDisposeScope();
        var tensors = Stack.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, Stack, tensors, CPU).ToDictionary();
        run["grad.input"] = run["grad.input"].narrow(0, 0, 4);
        Should
            .Throw<ArgumentException>(() => Certification.Of(Stack, tensors, run))
            .Message.ShouldBe("grad.input is (4, 3, 4), (5, 3, 4) is expected");
    }

    [Test]
    public void A_quantity_that_is_missing_is_a_fault_unless_it_may_be()
    {
        using var scope = NewDisposeScope();
        var tensors = Stack.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, Stack, tensors, CPU);
        foreach (var name in new[] { "h_n", "grad.input", "grad.weight_hh_l0_reverse" })
        {
            var less = run.Where(q => q.Key != name).ToDictionary();
            var finding = Certification.Of(Stack, tensors, less);
            (finding.Evidence, finding.Explanation).ShouldBe((Evidence.Differs, $"{name} is missing"));
            Certification.Of(Stack, tensors, less, complete: false).Evidence.ShouldBe(Evidence.Certified);
        }
    }

    [Test]
    public void Null_is_refused()
    {
        using var scope = NewDisposeScope();
        var (tensors, run) = (Stack.Draw(), new Dictionary<string, Tensor>());
        Null(() => Certification.Of(null!, tensors, run)).ShouldBe("c");
        Null(() => Certification.Of(Stack, null!, run)).ShouldBe("tensors");
        Null(() => Certification.Of(Stack, tensors, null!)).ShouldBe("run");

        static string? Null(Func<object?> action) => Should.Throw<ArgumentNullException>(action).ParamName;
    }
}
