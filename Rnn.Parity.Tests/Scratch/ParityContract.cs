using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Diagnosis;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Scratch;

/// <summary>What each implementation promises: in either order of evaluation, every bit of that order's reference.</summary>
public abstract class ParityContract(string implementation)
{
    private readonly RnnFactory subject = RnnFactory.Implementations.Single(f => f.Name == implementation);

    [TestCaseSource(typeof(ContractCases), nameof(ContractCases.Run))]
    public void Whole_sequence_order_is_identical_to_nn_RNN(RnnCase c) =>
        Identical(EvaluationOrder.WholeSequence, c, CPU);

    [TestCaseSource(typeof(ContractCases), nameof(ContractCases.Run))]
    public void Per_step_order_is_identical_to_nn_RNNCell(RnnCase c) => Identical(EvaluationOrder.PerStep, c, CPU);

    [TestCaseSource(typeof(ContractCases), nameof(ContractCases.Run))]
    public void Without_gradients_the_bits_are_the_same(RnnCase c)
    {
        foreach (var order in Enum.GetValues<EvaluationOrder>())
            Parity
                .Of(subject, RnnFactory.ReferenceOf(order), c.In(order) with { ForwardOnly = true })
                .Establishes(Evidence.Identical);
    }

    [Category("Cuda")]
    [TestCaseSource(typeof(ContractCases), nameof(ContractCases.Float32WithBias))]
    public void Per_step_order_is_identical_to_nn_RNNCell_on_cuda(RnnCase c) =>
        Identical(EvaluationOrder.PerStep, c, RunsOn.Cuda());

    private void Identical(EvaluationOrder order, RnnCase c, Device device)
    {
        using var scope = NewDisposeScope();
        var ordered = c.In(order);
        var (tensors, expected) = Expected.Of(ordered, device);
        var reference = new LiveRun(RnnFactory.ReferenceOf(order), ordered, tensors, device) { Quantities = expected };
        new SideBySide(new(subject, ordered, tensors, device), reference).Judged().Establishes(Evidence.Identical);
    }
}

public sealed class ParameterRnnParity() : ParityContract(nameof(ParameterRnn));

public sealed class LinearRnnParity() : ParityContract(nameof(LinearRnn));

public sealed class StepLoopRnnParity() : ParityContract(nameof(StepLoopRnn));

internal static class ContractAssertions
{
    /// <summary>Fails with the finding's own words first.</summary>
    public static void Establishes(this Finding finding, Evidence evidence)
    {
        if (finding.Evidence != evidence)
            throw new ShouldAssertException($"{finding.Explanation}\n{finding.Evidence}, {evidence} is expected");
        finding.Elements.ShouldBeGreaterThan(0);
    }
}
