using NUnit.Framework;
using Rnn.Scratch.Notebooks;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>The networks of the five documents keep what outlives a call, and nothing else.</summary>
[NonParallelizable]
[MutationOf("scratch", "variants")]
public sealed class DocumentLifetimeTests
{
    [Test]
    public void A_history_outlives_the_scope_of_a_step()
    {
        using var tensors = new TensorHistoryRnn(4, 1);
        using var linears = new LinearHistoryRnn(4, 1);
        using (NewDisposeScope())
        {
            tensors.Forward(zeros(1, 4));
            linears.Forward(zeros(1, 4));
        }
        var states = tensors.HiddenStates.Concat(linears.HiddenStates).ToList();
        states.Count.ShouldBe(4);
        states.ShouldAllBe(h => !h.IsInvalid);
    }

    [Test]
    public void A_call_leaves_its_results_and_Dispose_nothing()
    {
        using var scope = NewDisposeScope();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (x, vector) = (ones(1, 1), ones(1));
        Leaves(() => new TwoStepRnn(1, 2), rnn => Pair(rnn.Forward(x, x)));
        Leaves(() => new ScalarBiasRnn(1, 1), rnn => Pair(rnn.Forward(x, x)));
        Leaves(() => new TensorHistoryRnn(1, 1), rnn => [rnn.Forward(x)]);
        Leaves(() => new LinearHistoryRnn(1, 1), rnn => [rnn.Forward(x)], parameters: 4);
        Leaves(() => new OutputHeadRnn(1, 1, 2), rnn => Pair(rnn.call(vector, vector)), parameters: 5);
        Leaves(NewDisposeScope, _ => [OneUnitRnn.WithParameters(x)]);
        Leaves(NewDisposeScope, _ => [OneUnitRnn.WithLinear(x)], parametersOfACall: 4);
        Leaves(NewDisposeScope, _ => [OneUnitRnn.WithRnn(x)]);
        Leaves(NewDisposeScope, _ => [WordStep.EmbeddingProduct(x, x)]);
        Leaves(NewDisposeScope, _ => [WordStep.Step(x, x, x, x)]);

        static Tensor[] Pair((Tensor, Tensor) results) => [results.Item1, results.Item2];
    }

    private static void Leaves<T>(Func<T> build, Func<T, Tensor[]> call, int parameters = 0, int parametersOfACall = 0)
        where T : IDisposable
    {
        var before = LiveTensors.Count();
        using (var owner = build())
        {
            var built = LiveTensors.Count();
            var results = call(owner);
            LiveTensors.Count(parametersOfACall).ShouldBe(built + results.Length);
            foreach (var result in results)
                result.Dispose();
        }
        LiveTensors.Count(parameters + parametersOfACall).ShouldBe(before);
    }
}
