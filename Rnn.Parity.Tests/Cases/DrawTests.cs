using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Tests.Exact;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Cases;

/// <summary>What is drawn: the modules' own weights, and the tensors of a case, none of which is idle.</summary>
[MutationOf("scratch")]
public sealed class DrawTests
{
    // nn.Linear's own start would be ±1/√100 for W_ih.
    [TestCaseSource(nameof(Modules))]
    public void Every_weight_starts_between_plus_and_minus_1_over_the_root_of_H(Func<nn.Module> build)
    {
        using var scope = NewDisposeScope();
        using var module = build();
        foreach (var (name, weight) in module.named_parameters())
        {
            var largest = weight.abs().max().item<float>();
            largest.ShouldBeLessThanOrEqualTo(0.25f, name);
            largest.ShouldBeGreaterThan(0.125f, name);
            weight.min().item<float>().ShouldBeLessThan(0, name);
            weight.max().item<float>().ShouldBeGreaterThan(0, name);
        }
    }

    [Test]
    public void Every_tensor_of_a_case_varies()
    {
        using var scope = NewDisposeScope();
        var drawn = new RnnCase("draws", "no tensor may be idle", 4, 3, new(5, 6, 2, Bidirectional: true)).Draw();
        foreach (var tensor in (Tensor[])[.. drawn.Weights.Values, .. Rest(drawn)])
            (tensor.max() - tensor.min()).item<float>().ShouldBeGreaterThan(0.1f);
    }

    [Test]
    public void Integers_reach_their_limits_and_none_exceeds_them()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("integers", "limits", 4, 3, new(5, 6));
        var t = IntegerTensors.Of(c.Draw());
        Values(cat([.. t.Weights.Values.Select(w => w.reshape(-1))])).ShouldBe([-1, 0, 1]);
        Values(t.Input).ShouldBe([-3, -2, -1, 0, 1, 2, 3]);
        Values(t.H_0!).ShouldBe([-3, -2, -1, 0, 1, 2, 3]);
        Values(t.GradOutput).ShouldBe([-1, 0, 1]);
        Values(t.GradH_n).ShouldBe([-1, 0, 1]);

        static IEnumerable<float> Values(Tensor t) =>
            t.reshape(-1).unbind().Select(v => v.item<float>()).Distinct().Order();
    }

    private static Tensor[] Rest(CaseTensors t) => [t.Input, t.H_0!, t.GradOutput, t.GradH_n];

    private static IEnumerable<TestCaseData> Modules()
    {
        yield return Row("ParameterRnn", () => new ParameterRnn(new(100, 16, 2, Bidirectional: true)));
        yield return Row("LinearRnn", () => new LinearRnn(new(100, 16, 2, Bidirectional: true)));
        yield return Row("StepLoopRnn", () => new StepLoopRnn(new(100, 16, 2, Bidirectional: true)));
        yield return Row("LinearRnnCell", () => new LinearRnnCell(100, 16));

        static TestCaseData Row(string name, Func<nn.Module> build) => new TestCaseData(build).SetArgDisplayNames(name);
    }
}
