using NUnit.Framework;
using Rnn.Scratch.Documents;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>The documents' variants refuse what they cannot take, in a sentence, before anything native is called.</summary>
public sealed class BadDocumentArgumentTests
{
    [Test]
    public void Constructors_refuse()
    {
        Sentence(() => new TwoStepRnn(0, 1)).ShouldBe("inputs is 0, at least 1 is expected");
        Sentence(() => new TwoStepRnn(1, -1)).ShouldBe("neurons is -1, at least 1 is expected");
        Sentence(() => new ScalarBiasRnn(2, 0)).ShouldBe("hiddenSize is 0, at least 1 is expected");
        Sentence(() => new TensorHistoryRnn(-4, 1)).ShouldBe("inputs is -4, at least 1 is expected");
        Sentence(() => new LinearHistoryRnn(4, 0)).ShouldBe("neurons is 0, at least 1 is expected");
        Sentence(() => new OutputHeadRnn(5, 20, 0)).ShouldBe("outputDim is 0, at least 1 is expected");
    }

    [Test]
    public void Calls_refuse()
    {
        using var scope = NewDisposeScope();
        using var two = new TwoStepRnn(3, 2);
        Sentence(() => two.Forward(zeros(4, 2), zeros(4, 2))).ShouldBe("x0 has 2 features, the RNN expects 3");
        Sentence(() => two.Forward(zeros(4, 3), zeros(5, 3))).ShouldBe("x1 is (5, 3), the RNN expects (4, 3)");
        using var scalar = new ScalarBiasRnn(2, 1);
        Sentence(() => scalar.Forward(zeros(3))).ShouldBe("x has 1 dimensions, the RNN expects 2");
        Sentence(() => OneUnitRnn.WithParameters(zeros(3, 2))).ShouldBe("x has 2 features, the RNN expects 1");
        Sentence(() => WordStep.Step(zeros(3, 1), zeros(4, 1), zeros(1, 1), zeros(1, 1)))
            .ShouldBe("e_t is (3, 1), the step expects (4, 1)");
        Sentence(() => WordStep.Step(zeros(4, 1), zeros(4, 1), zeros(1, 2), zeros(1, 1)))
            .ShouldBe("h is (1, 2), the step expects (1, 1)");
        using var tensors = new TensorHistoryRnn(4, 1);
        Sentence(() => tensors.Forward(zeros(1, 3))).ShouldBe("e is (1, 3), the RNN expects (1, 4)");
        using var linears = new LinearHistoryRnn(4, 2);
        Sentence(() => linears.Forward(zeros(4))).ShouldBe("e is (4), the RNN expects (1, 4)");
        using var head = new OutputHeadRnn(5, 20, 10);
        Sentence(() => head.call(zeros(4), zeros(20))).ShouldBe("x is (4), the RNN expects (5)");
        Sentence(() => head.call(zeros(5), zeros(1, 20))).ShouldBe("h is (1, 20), the RNN expects (20)");
    }

    [Test]
    public void The_first_object_of_003_cannot_step_with_two_neurons()
    {
        using var scope = NewDisposeScope();
        using var rnn = new TensorHistoryRnn(4, 2);
        Sentence(() => rnn.Forward(zeros(1, 4))).ShouldBe("the first state is (1, 1), the RNN expects (1, 2)");
    }

    private static string Sentence(Func<object?> action) => Should.Throw<ArgumentException>(action).Message;
}
