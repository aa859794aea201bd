using System.Runtime.CompilerServices;
using NUnit.Framework;
using Rnn.Scratch.Notebooks;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>The documents' variants refuse what they cannot take, in a sentence, before anything native is called.</summary>
[MutationOf("scratch", "variants")]
public sealed class BadDocumentArgumentTests
{
    [TestCaseSource(nameof(Constructors))]
    public void Constructors_refuse_a_size_below_one(string size, Func<long, object> build)
    {
        Sentence(() => build(0)).ShouldBe($"{size} is 0, at least 1 is expected");
        Sentence(() => build(-4)).ShouldBe($"{size} is -4, at least 1 is expected");
        (build(1) as IDisposable)?.Dispose();
    }

    [TestCaseSource(nameof(Calls))]
    public void Calls_refuse(string sentence, Func<object?> call)
    {
        using var scope = NewDisposeScope();
        Sentence(call).ShouldBe(sentence);
    }

    [TestCaseSource(nameof(Nulls))]
    public void Null_is_refused_by_name(string name, Func<object?> call)
    {
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentNullException>(call).ParamName.ShouldBe(name);
    }

    [Test]
    public void The_first_object_of_003_cannot_step_with_two_neurons()
    {
        using var scope = NewDisposeScope();
        Sentence(() => Tensors(2).Forward(zeros(1, 4))).ShouldBe("the first state is (1, 1), the RNN expects (1, 2)");
    }

    private static IEnumerable<TestCaseData> Constructors()
    {
        yield return Case("inputs", n => new TwoStepRnn(n, 1));
        yield return Case("neurons", n => new TwoStepRnn(1, n));
        yield return Case("inputSize", n => new ScalarBiasRnn(n, 2));
        yield return Case("hiddenSize", n => new ScalarBiasRnn(2, n));
        yield return Case("inputs", n => new TensorHistoryRnn(n, 1));
        yield return Case("neurons", n => new TensorHistoryRnn(1, n));
        yield return Case("inputs", n => new LinearHistoryRnn(n, 1));
        yield return Case("neurons", n => new LinearHistoryRnn(1, n));
        yield return Case("inputDim", n => new OutputHeadRnn(n, 2, 3));
        yield return Case("hiddenDim", n => new OutputHeadRnn(1, n, 3));
        yield return Case("outputDim", n => new OutputHeadRnn(1, 2, n));

        static TestCaseData Case<T>(string size, Func<long, T> build)
            where T : notnull =>
            new TestCaseData(size, (Func<long, object>)(n => build(n))).SetArgDisplayNames(typeof(T).Name, size);
    }

    private static IEnumerable<TestCaseData> Calls()
    {
        yield return Case("x0 has 2 features, the RNN expects 3", () => Two().Forward(zeros(4, 2), zeros(4, 2)));
        yield return Case("x1 is (5, 3), the RNN expects (4, 3)", () => Two().Forward(zeros(4, 3), zeros(5, 3)));
        yield return Case("x has 1 dimensions, the RNN expects 2", () => Scalar().Forward(zeros(2)));
        yield return Case("x has 3 features, the RNN expects 2", () => Scalar().Forward(zeros(4, 3)));
        yield return Case("h is (1, 1), the RNN expects (1, 2)", () => Scalar().Forward(zeros(4, 2), ones(1, 1)));
        yield return Case("x has 2 features, the RNN expects 1", () => OneUnitRnn.WithParameters(zeros(3, 2)));
        yield return Case("x has 2 features, the RNN expects 1", () => OneUnitRnn.WithLinear(zeros(3, 2)));
        yield return Case("x has 3 dimensions, the RNN expects 2", () => OneUnitRnn.WithRnn(zeros(3, 2, 1)));
        yield return Case("e is (1, 3), the RNN expects (1, 4)", () => Tensors(1).Forward(zeros(1, 3)));
        yield return Case("e is (4), the RNN expects (1, 4)", () => Linears().Forward(zeros(4)));
        yield return Case("x is (4), the RNN expects (5)", () => Head().call(zeros(4), zeros(20)));
        yield return Case("h is (1, 20), the RNN expects (20)", () => Head().call(zeros(5), zeros(1, 20)));
        yield return Case("E has 1 dimensions, the embedding expects 2", () => WordStep.Embedding(zeros(4), 0));
        yield return Case("index is 5, the embedding has words 0 to 4", () => WordStep.Embedding(zeros(4, 5), 5));
        yield return Case("index is -1, the embedding has words 0 to 4", () => WordStep.Embedding(zeros(4, 5), -1));
        yield return Case("w_e has 1 dimensions, the step expects 2", () => Product(w_e: zeros(4)));
        yield return Case("e_t is (3, 1), the step expects (4, 1)", () => Product(e_t: zeros(3, 1)));
        yield return Case("e_t is (3, 1), the step expects (4, 1)", () => Step(e_t: zeros(3, 1)));
        yield return Case("w_e has 3 features, the step expects 2", () => Step(w_e: zeros(4, 3)));
        yield return Case("h is (1, 3), the step expects (1, 2)", () => Step(h: zeros(1, 3)));
        yield return Case("w_h has 0 dimensions, the step expects 2", () => Step(w_h: tensor(0f)));
        yield return Case("w_h has 3 features, the step expects 2", () => Step(w_h: zeros(2, 3)));
        yield return Case("E has 0 dimensions, the embedding expects 2", () => States(E: tensor(0f)));
    }

    private static IEnumerable<TestCaseData> Nulls()
    {
        yield return Case("x0", () => Two().Forward(null!, zeros(4, 3)));
        yield return Case("x1", () => Two().Forward(zeros(4, 3), null!));
        yield return Case("x", () => Scalar().Forward(null!));
        yield return Case("x", () => OneUnitRnn.WithParameters(null!));
        yield return Case("x", () => OneUnitRnn.WithLinear(null!));
        yield return Case("x", () => OneUnitRnn.WithRnn(null!));
        yield return Case("e", () => Tensors(1).Forward(null!));
        yield return Case("e", () => Linears().Forward(null!));
        yield return Case("x", () => Head().call(null!, zeros(20)));
        yield return Case("h", () => Head().call(zeros(5), null!));
        yield return Case("E", () => WordStep.Embedding(null!, 0));
        yield return Case("e_t", () => WordStep.EmbeddingProduct(null!, zeros(4, 2)));
        yield return Case("w_e", () => WordStep.EmbeddingProduct(zeros(4, 1), null!));
        yield return Case("e_t", () => WordStep.Step(null!, zeros(4, 2), zeros(1, 2), zeros(2, 2)));
        yield return Case("w_e", () => WordStep.Step(zeros(4, 1), null!, zeros(1, 2), zeros(2, 2)));
        yield return Case("h", () => WordStep.Step(zeros(4, 1), zeros(4, 2), null!, zeros(2, 2)));
        yield return Case("w_h", () => WordStep.Step(zeros(4, 1), zeros(4, 2), zeros(1, 2), null!));
        yield return Case("E", () => WordStep.HiddenStates(null!, zeros(4, 2), zeros(1, 2), zeros(2, 2)));
        yield return Case("h_0", () => WordStep.HiddenStates(zeros(4, 5), zeros(4, 2), null!, zeros(2, 2)));
    }

    private static TestCaseData Case(
        string expected,
        Func<object?> call,
        [CallerArgumentExpression(nameof(call))] string text = ""
    ) => new TestCaseData(expected, call).SetArgDisplayNames(text["() => ".Length..].Replace("!", ""));

    private static TwoStepRnn Two() => new(3, 2);

    private static ScalarBiasRnn Scalar() => new(2, 2);

    private static TensorHistoryRnn Tensors(long neurons) => new(4, neurons);

    private static LinearHistoryRnn Linears() => new(4, 2);

    private static OutputHeadRnn Head() => new(5, 20, 10);

    private static Tensor Product(Tensor? e_t = null, Tensor? w_e = null) =>
        WordStep.EmbeddingProduct(e_t ?? zeros(4, 1), w_e ?? zeros(4, 2));

    private static Tensor Step(Tensor? e_t = null, Tensor? w_e = null, Tensor? h = null, Tensor? w_h = null) =>
        WordStep.Step(e_t ?? zeros(4, 1), w_e ?? zeros(4, 2), h ?? zeros(1, 2), w_h ?? zeros(2, 2));

    private static object States(Tensor E) => WordStep.HiddenStates(E, zeros(4, 2), zeros(1, 2), zeros(2, 2));

    private static string Sentence(Func<object?> action) => Should.Throw<ArgumentException>(action).Message;
}
