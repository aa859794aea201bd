using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Tests.Training;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Scratch;

/// <summary>Native memory is visible: what a call makes dies with it, but for what it returns.</summary>
[NonParallelizable]
[MutationOf("scratch")]
public sealed class LiveTensorTests
{
    private const int Calls = 1000;

    // What other tests left to the collector must not die while tensors are counted.
    [SetUp]
    public void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Test]
    public void Steps_of_training_leave_nothing_behind([ValueSource(nameof(Implementations))] RnnFactory factory)
    {
        using var run = new TrainingRun(factory, EvaluationOrder.WholeSequence);
        Step();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 20; i++)
            Step();
        Tensor.TotalCount.ShouldBe(before);

        void Step()
        {
            using var scope = NewDisposeScope();
            run.Step();
        }
    }

    [Test]
    public void Calls_leave_nothing_behind([ValueSource(nameof(Implementations))] RnnFactory factory)
    {
        using var rnn = factory.Build(new RnnOptions(3, 4));
        using var input = randn(5, 2, 3);
        using var h_0 = randn(1, 2, 4);
        Call();
        var before = Tensor.TotalCount;
        for (var i = 0; i < Calls; i++)
            Call();
        Tensor.TotalCount.ShouldBe(before);

        void Call()
        {
            var (output, h_n) = rnn.call(input, h_0);
            output.Dispose();
            h_n.Dispose();
        }
    }

    [Test]
    public void A_call_leaves_its_two_results([ValueSource(nameof(Implementations))] RnnFactory factory)
    {
        using var rnn = factory.Build(new RnnOptions(3, 4));
        using var input = randn(5, 2, 3);
        var before = Tensor.TotalCount;
        var (output, h_n) = rnn.call(input, null);
        Tensor.TotalCount.ShouldBe(before + 2);
        output.Dispose();
        h_n.Dispose();
    }

    [Test]
    public void Failed_calls_leave_nothing_behind([ValueSource(nameof(Implementations))] RnnFactory factory)
    {
        using var rnn = factory.Build(new RnnOptions(3, 4));
        using var input = randn(5, 2, 2);
        var before = Tensor.TotalCount;
        for (var i = 0; i < Calls; i++)
            Should.Throw<ArgumentException>(() => rnn.call(input, null));
        Tensor.TotalCount.ShouldBe(before);
    }

    [Test]
    public void Cells_leave_nothing_behind()
    {
        using var cell = new LinearRnnCell(3, 4);
        using var input = randn(2, 3);
        using var wrong = randn(2, 2);
        cell.call(input).Dispose();
        var before = Tensor.TotalCount;
        for (var i = 0; i < Calls; i++)
        {
            cell.call(input).Dispose();
            Should.Throw<ArgumentException>(() => cell.call(wrong));
        }
        Tensor.TotalCount.ShouldBe(before);
    }

    [Test]
    public void Building_and_disposing_leaves_nothing_behind([ValueSource(nameof(Implementations))] RnnFactory factory)
    {
        const int parameters = 8;
        Build();
        var before = LiveTensors.Count();
        for (var i = 0; i < 100; i++)
            Build();
        LiveTensors.Count(100 * parameters).ShouldBe(before);

        void Build() => factory.Build(new RnnOptions(3, 4, 2)).Dispose();
    }

    [Test]
    public void Weights_outlive_the_scope_that_an_RNN_is_built_in(
        [ValueSource(nameof(Implementations))] RnnFactory factory
    )
    {
        var scope = NewDisposeScope();
        using var rnn = factory.Build(new RnnOptions(3, 4));
        scope.Dispose();
        rnn.parameters().ShouldAllBe(p => !p.IsInvalid);
    }

    [Test]
    public void A_cell_takes_its_weights_with_it()
    {
        var cell = new LinearRnnCell(3, 4);
        List<Tensor> weights = [.. cell.parameters()];
        cell.Dispose();
        weights.ShouldAllBe(weight => weight.IsInvalid);
    }

    private static IReadOnlyList<RnnFactory> Implementations => RnnFactory.Implementations;

    [Test]
    public void A_traced_run_leaves_its_results_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        var stack = new RnnCase("traced", "two layers, both directions", 5, 3, new(4, 6, 2, Bidirectional: true));
        var tensors = stack.Draw();
        var before = LiveTensors.Count();
        var run = TracedRun.ByAutograd(RnnFactory.Implementations[0], stack, tensors);
        var results = run.Quantities.Values.Concat(run.Inner.Outputs).Concat(run.Inner.Adjoints!).ToList();
        var built = tensors.Weights.Count;
        LiveTensors.Count(built).ShouldBe(before + results.Count);
        results.ForEach(r => r.Dispose());
        LiveTensors.Count(built).ShouldBe(before);
    }
}
