using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Scratch;

/// <summary>What an RNN cannot take is refused in a sentence that names the argument, what was expected and what was found.</summary>
[TestFixtureSource(nameof(Implementations))]
[MutationOf("scratch")]
public sealed class BadArgumentTests(string name)
{
    private readonly RnnFactory factory = RnnFactory.Implementations.Single(f => f.Name == name);

    [TestCaseSource(nameof(BadOptions))]
    public void A_constructor_refuses(RnnOptions options, string sentence) =>
        Should.Throw<ArgumentException>(() => factory.Build(options)).Message.ShouldBe(sentence);

    [TestCaseSource(nameof(BadInputs))]
    public void A_call_refuses(RnnOptions options, long[] input, long[]? h_0, string sentence)
    {
        using var scope = NewDisposeScope();
        using var rnn = factory.Build(options);
        Should
            .Throw<ArgumentException>(() => rnn.call(zeros(input), h_0 is null ? null : zeros(h_0)))
            .Message.ShouldBe(sentence);
    }

    [Test]
    public void A_call_refuses_another_type()
    {
        using var scope = NewDisposeScope();
        using var rnn = factory.Build(new RnnOptions(3, 4));
        Should
            .Throw<ArgumentException>(() => rnn.call(zeros(5, 2, 3, ScalarType.Float64), null))
            .Message.ShouldBe("input is Float64, the RNN's weights are Float32");
        Should
            .Throw<ArgumentException>(() => rnn.call(zeros(5, 2, 3), zeros(1, 2, 4, ScalarType.Float64)))
            .Message.ShouldBe("h_0 is Float64, the RNN's weights are Float32");
    }

    [Test]
    [Category("Cuda")]
    public void A_call_refuses_another_device()
    {
        var cuda = RunsOn.Cuda();
        using var scope = NewDisposeScope();
        using var rnn = factory.Build(new RnnOptions(3, 4));
        Should
            .Throw<ArgumentException>(() => rnn.call(zeros(5, 2, 3, device: cuda), null))
            .Message.ShouldBe("input is on cuda:0, the RNN's weights are on cpu");
    }

    [Test]
    public void An_input_of_no_features_is_taken_as_nn_RNN_takes_it() =>
        Parity
            .Of(factory, RnnFactory.Rnn, new RnnCase("nothing", "no features", 4, 3, new(0, 5, 2)))
            .Establishes(Evidence.Identical);

    [Test]
    public void A_call_after_Dispose_is_refused()
    {
        using var scope = NewDisposeScope();
        var rnn = factory.Build(new RnnOptions(3, 4));
        rnn.Dispose();
        Should
            .Throw<ObjectDisposedException>(() => rnn.call(zeros(5, 2, 3), null))
            .Message.ShouldContain("the RNN has been disposed, and its weights with it");
    }

    [Test]
    public void A_call_refuses_null()
    {
        using var rnn = factory.Build(new RnnOptions(3, 4));
        Should.Throw<ArgumentNullException>(() => rnn.call(null!, null)).ParamName.ShouldBe("input");
    }

    [Test]
    public void A_constructor_refuses_null() =>
        Should.Throw<ArgumentNullException>(() => factory.Build(null!)).ParamName.ShouldBe("options");

    [Test]
    public void An_empty_batch_is_no_mistake()
    {
        using var scope = NewDisposeScope();
        using var rnn = factory.Build(new RnnOptions(3, 4));
        var (output, h_n) = rnn.call(zeros(5, 0, 3), null);
        output.shape.ShouldBe([5, 0, 4]);
        h_n.shape.ShouldBe([1, 0, 4]);
    }

    private static IEnumerable<string> Implementations() => RnnFactory.Implementations.Select(f => f.Name);

    private static IEnumerable<TestCaseData> BadOptions()
    {
        yield return Row(new RnnOptions(-3, 4), "inputSize is -3, at least 0 is expected");
        yield return Row(new RnnOptions(3, 0), "hiddenSize is 0, at least 1 is expected");
        yield return Row(new RnnOptions(3, -4), "hiddenSize is -4, at least 1 is expected");
        yield return Row(new RnnOptions(3, 4, 0), "numLayers is 0, at least 1 is expected");
        yield return Row(new RnnOptions(3, 4, Dropout: -0.1), "dropout is -0.1, a probability in [0, 1] is expected");
        yield return Row(new RnnOptions(3, 4, Dropout: 1.5), "dropout is 1.5, a probability in [0, 1] is expected");
        yield return Row(
            new RnnOptions(3, 4, Dropout: double.NaN),
            "dropout is NaN, a probability in [0, 1] is expected"
        );
        yield return Row(
            new RnnOptions(3, 4, Dtype: ScalarType.Int64),
            "dtype is Int64, a floating-point type is expected"
        );
        yield return Row(
            new RnnOptions(3, 4, NonLinearity: (NonLinearities)7),
            "nonLinearity is 7, Tanh or ReLU is expected"
        );
        yield return Row(
            new RnnOptions(3, 4, Order: (EvaluationOrder)7),
            "order is 7, WholeSequence or PerStep is expected"
        );

        static TestCaseData Row(RnnOptions options, string sentence) =>
            new TestCaseData(options, sentence).SetArgDisplayNames(sentence);
    }

    private static IEnumerable<TestCaseData> BadInputs()
    {
        var (plain, batchFirst, two) = (
            new RnnOptions(3, 4),
            new RnnOptions(3, 4, BatchFirst: true),
            new RnnOptions(3, 4, 2)
        );
        yield return Row(plain, [5, 2, 4], null, "input has 4 features, the RNN expects 3");
        yield return Row(plain, [5, 4], null, "input has 4 features, the RNN expects 3");
        yield return Row(plain, [3], null, "input has 1 dimensions, the RNN expects (T, B, I) or (T, I)");
        yield return Row(batchFirst, [1, 5, 2, 3], null, "input has 4 dimensions, the RNN expects (B, T, I) or (T, I)");
        yield return Row(plain, [0, 2, 3], null, "input has 0 steps, the RNN expects at least 1");
        yield return Row(plain, [0, 3], null, "input has 0 steps, the RNN expects at least 1");
        yield return Row(batchFirst, [2, 0, 3], null, "input has 0 steps, the RNN expects at least 1");
        yield return Row(plain, [5, 2, 3], [1, 2, 5], "h_0 is (1, 2, 5), the RNN expects (1, 2, 4)");
        yield return Row(plain, [5, 2, 3], [2, 4], "h_0 is (2, 4), the RNN expects (1, 2, 4)");
        yield return Row(plain, [5, 2, 3], [1, 5, 4], "h_0 is (1, 5, 4), the RNN expects (1, 2, 4)");
        yield return Row(plain, [5, 3], [1, 1, 4], "h_0 is (1, 1, 4), the RNN expects (1, 4)");
        yield return Row(batchFirst, [2, 5, 3], [1, 5, 4], "h_0 is (1, 5, 4), the RNN expects (1, 2, 4)");
        yield return Row(two, [5, 2, 3], [1, 2, 4], "h_0 is (1, 2, 4), the RNN expects (2, 2, 4)");

        static TestCaseData Row(RnnOptions options, long[] input, long[]? h_0, string sentence) =>
            new TestCaseData(options, input, h_0, sentence).SetArgDisplayNames(
                $"{string.Join(' ', input)}: {sentence}"
            );
    }
}

/// <summary>The same for what an RNN is made of.</summary>
public sealed class BadPartArgumentTests
{
    [Test]
    public void Null_is_refused()
    {
        using var scope = NewDisposeScope();
        using var parts = new Parts();
        var (steps, x) = (new StepSequence(zeros(1, 1, 1)), zeros(1, 1));
        Null(() => StepSequence.Of(null!)).ShouldBe("packed");
        Null(() => steps.Last(null!, reverse: false)).ShouldBe("states");
        Null(() => parts.Turns(null!, steps)).ShouldBe("project");
        Null(() => parts.Turns(x => x, null!)).ShouldBe("x");
        Null(() => new Turns(null!, x, reverse: false)).ShouldBe("x");
        Null(() => new Turns(steps, null!, reverse: false)).ShouldBe("h_0");
        Null(() => new Turns(steps, x, reverse: false).Previous(null!, 0)).ShouldBe("h");
    }

    private static string? Null(Func<object?> action) => Should.Throw<ArgumentNullException>(action).ParamName;

    private sealed class Parts() : ElmanRnn("parts", new(1, 1))
    {
        protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse) => [];

        public Turns Turns(Func<Tensor, Tensor> project, StepSequence x) => TurnsOf(project, x, zeros(1, 1), false);
    }
}

/// <summary>The same for the cell alone.</summary>
public sealed class BadCellArgumentTests
{
    [Test]
    public void A_constructor_refuses()
    {
        Sentence(() => new LinearRnnCell(-1, 4)).ShouldBe("inputSize is -1, at least 0 is expected");
        Sentence(() => new LinearRnnCell(3, -1)).ShouldBe("hiddenSize is -1, at least 1 is expected");
        Sentence(() => new LinearRnnCell(3, 4, dtype: ScalarType.Int32))
            .ShouldBe("dtype is Int32, a floating-point type is expected");
    }

    [Test]
    public void A_call_refuses()
    {
        using var scope = NewDisposeScope();
        using var cell = new LinearRnnCell(3, 4);
        Sentence(() => cell.call(zeros(2, 4))).ShouldBe("input has 4 features, the cell expects 3");
        Sentence(() => cell.call(zeros(1, 2, 3))).ShouldBe("input has 3 dimensions, the cell expects (B, I) or (I)");
        Sentence(() => cell.call(zeros(2, 3), zeros(2, 3))).ShouldBe("h is (2, 3), the cell expects (2, 4)");
        Sentence(() => cell.call(zeros(3), zeros(1, 4))).ShouldBe("h is (1, 4), the cell expects (4)");
        Sentence(() => cell.call(zeros(2, 3, ScalarType.Float64)))
            .ShouldBe("input is Float64, the cell's weights are Float32");
        Sentence(() => cell.call(zeros(2, 3), zeros(2, 4, ScalarType.Float64)))
            .ShouldBe("h is Float64, the cell's weights are Float32");
        Should.Throw<ArgumentNullException>(() => cell.call(null!));
    }

    private static string Sentence(Func<object?> action) => Should.Throw<ArgumentException>(action).Message;
}
