using NUnit.Framework;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>The networks of the five documents follow the documents' equations, shapes and starts.</summary>
[NonParallelizable]
[MutationOf("scratch", "variants")]
public sealed class DocumentRnnTests
{
    [TestCase(4, 1)]
    [TestCase(3, 5)]
    public void Document_000_takes_two_steps_from_zero(long inputs, long neurons)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        using var rnn = new TwoStepRnn(inputs, neurons, generator);
        var (x0, x1) = (ones(4, inputs).Over(8), zeros(4, inputs));
        var (y0, y1) = rnn.Forward(x0, x1);
        y0.shape.ShouldBe([4, neurons]);
        TensorComparison.Compare("y0", y0, mm(x0, rnn.Wx).tanh()).ShouldBeNull();
        TensorComparison.Compare("y1", y1, mm(y0, rnn.Wy).tanh()).ShouldBeNull();
    }

    [Test]
    public void Document_000_adds_its_bias_in_both_steps_and_reads_both_inputs()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var rnn = new TwoStepRnn(3, 5, generator);
        rnn.B.uniform_(-1, 1, generator);
        var (x0, x1) = (randn(4, 3, generator: generator), randn(4, 3, generator: generator));
        var (y0, y1) = rnn.Forward(x0, x1);
        TensorComparison.Compare("y0", y0, mm(x0, rnn.Wx).Plus(rnn.B).tanh()).ShouldBeNull();
        TensorComparison.Compare("y1", y1, mm(y0, rnn.Wy).Plus(mm(x1, rnn.Wx)).Plus(rnn.B).tanh()).ShouldBeNull();
    }

    [Test]
    public void Document_003_goes_on_from_the_last_state_of_its_history()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var rnn = new TensorHistoryRnn(4, 1, generator);
        var e = randn(1, 4, generator: generator);
        for (var step = 1; step <= 3; step++)
        {
            var before = rnn.HiddenStates[^1];
            var h = rnn.Forward(e);
            rnn.HiddenStates.Count.ShouldBe(step + 1);
            TensorComparison.Compare("h", h, mm(before, rnn.Wh).Plus(mm(e, rnn.We).tanh()).tanh()).ShouldBeNull();
        }
    }

    [Test]
    public void Document_001_cannot_tell_whether_a_state_of_two_units_is_true()
    {
        using var scope = NewDisposeScope();
        using var rnn = new ScalarBiasRnn(2, 2);
        Should
            .Throw<ArgumentException>(() => rnn.Forward(zeros(3, 2), zeros(1, 2)))
            .Message.ShouldBe("h has 2 elements, and only a tensor of one is true or false");
    }

    [Test]
    public void Document_001_starts_from_the_state_it_is_given_unless_that_is_zero()
    {
        using var scope = NewDisposeScope();
        using var rnn = new ScalarBiasRnn(3, 1);
        var x = randn(4, 3);
        Same(rnn.Forward(x), zeros(1, 1));
        Same(rnn.Forward(x, zeros(1, 1)), zeros(1, 1));
        Same(rnn.Forward(x, ones(1, 1).Over(2)), ones(1, 1).Over(2));
        using var wide = new ScalarBiasRnn(3, 2);
        wide.Forward(x).a.shape.ShouldBe([4, 2]);

        void Same((Tensor a, Tensor last) actual, Tensor state)
        {
            var a = mm(state, rnn.Waa.t()).Plus(rnn.Baa).Plus(mm(x, rnn.Wax.t()).Plus(rnn.Bax)).tanh();
            TensorComparison.Compare("a", actual.a, a).ShouldBeNull();
            TensorComparison.Compare("last", actual.last, a.select(0, 3)).ShouldBeNull();
        }
    }

    // relu cuts off at step 2, and every sum is an integer.
    [Test]
    public void Document_002_adds_up_by_hand_in_all_three_forms()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, -6, 3, 0, 2 }, [5, 1]);
        foreach (var form in new[] { OneUnitRnn.WithParameters, OneUnitRnn.WithLinear, OneUnitRnn.WithRnn })
        {
            var states = form(x);
            states.requires_grad.ShouldBeFalse();
            TensorComparison.Compare("h", states, tensor(new float[] { 3, 0, 5, 7, 11 }, [5, 1])).ShouldBeNull();
        }
    }

    [Test]
    public void Document_002s_order_of_addition_runs_from_left_to_right([Values] bool bias, [Values] bool reverse)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var rnn = new LeftToRightRnn(new(40, 32, Bias: bias, Bidirectional: reverse));
        manual_seed(2);
        using var drawn = new ParameterRnn(new(40, 32, Bias: bias, Bidirectional: reverse));
        foreach (var ((name, actual), (_, expected)) in rnn.named_parameters().Zip(drawn.named_parameters()))
            TensorComparison.Compare(name, actual, expected).ShouldBeNull();

        var (x, h_0) = (randn(5, 2, 40), randn(reverse ? 2 : 1, 2, 32));
        var (output, _) = rnn.call(x, h_0);
        var suffix = reverse ? "l0_reverse" : "l0";
        var w = rnn.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        var h = h_0.select(0, reverse ? 1 : 0);
        for (var step = 0; step < 5; step++)
        {
            var t = reverse ? 4 - step : step;
            var z = mm(x.select(0, t), w[$"weight_ih_{suffix}"].t());
            z = bias ? z.Plus(w[$"bias_ih_{suffix}"]) : z;
            z = z.Plus(mm(h, w[$"weight_hh_{suffix}"].t()));
            h = (bias ? z.Plus(w[$"bias_hh_{suffix}"]) : z).tanh();
            TensorComparison.Compare("h", output.select(0, t).narrow(1, reverse ? 32 : 0, 32), h).ShouldBeNull();
        }
    }

    [Test]
    public void Document_003_goes_on_from_the_last_state_with_nn_Linear_too()
    {
        using var scope = NewDisposeScope();
        using var rnn = new LinearHistoryRnn(4, 3);
        rnn.HiddenStates.ShouldHaveSingleItem().shape.ShouldBe([1, 3]);
        var e = randn(1, 4);
        for (var step = 1; step <= 3; step++)
        {
            var before = rnn.HiddenStates[^1];
            var h = rnn.Forward(e);
            rnn.HiddenStates[step].ShouldBeSameAs(h);
            TensorComparison.Compare("h", h, rnn.Wh.call(before).Plus(rnn.We.call(e)).tanh()).ShouldBeNull();
        }
    }

    [Test]
    public void Document_003_steps_through_the_words_from_a_given_state()
    {
        using var scope = NewDisposeScope();
        var (E, w_e, h_0, w_h) = (randn(4, 5), randn(4, 3), randn(1, 3), randn(3, 3));
        var states = WordStep.HiddenStates(E, w_e, h_0, w_h);
        states.Count.ShouldBe(6);
        states[0].ShouldBeSameAs(h_0);
        for (var word = 0; word < 5; word++)
        {
            var embedded = mm(E.narrow(1, word, 1).t(), w_e);
            TensorComparison.Compare("h", states[word + 1], mm(states[word], w_h).Plus(embedded)).ShouldBeNull();
        }
    }

    [Test]
    public void Document_003_finds_a_word_by_its_index()
    {
        using var scope = NewDisposeScope();
        var E = tensor([.. Enumerable.Range(0, 20).Select(i => (float)i)], [4, 5]);
        WordStep
            .Embedding(E, 2)
            .reshape(-1)
            .cpu()
            .contiguous()
            .bytes.ToArray()
            .ShouldBe(tensor(new float[] { 2, 7, 12, 17 }).bytes.ToArray());
    }

    [Test]
    public void Document_004_follows_its_equations_and_trains()
    {
        using var rnn = Built();
        using var scope = NewDisposeScope();
        rnn.parameters().ShouldAllBe(p => !p.IsInvalid && p.requires_grad);
        rnn.parameters().ShouldAllBe(p => p.abs().max().item<double>() == 0);
        rnn.ResetParameters();
        var w = rnn.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        var (x, h_0) = (randn(3, ScalarType.Float64), randn(4, ScalarType.Float64));
        var (y, h) = rnn.call(x, h_0);
        var next = mv(w["W_ih"], x).Plus(w["b_ih"]).Plus(mv(w["W_hh"], h_0)).tanh();
        TensorComparison.Compare("h", h, next).ShouldBeNull();
        TensorComparison.Compare("y", y, mv(w["W_ho"], next).Plus(w["b_ho"])).ShouldBeNull();
        y.requires_grad.ShouldBeTrue();

        static OutputHeadRnn Built()
        {
            using var scope = NewDisposeScope();
            return new OutputHeadRnn(3, 4, 2, ScalarType.Float64);
        }
    }

    [Test]
    public void Document_004_has_shapes_and_a_start_of_its_own()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        using var rnn = new OutputHeadRnn(5, 20, 10);
        rnn.ResetParameters(generator);
        var (y, h) = rnn.call(ones(5), zeros(20));
        y.shape.ShouldBe([10]);
        h.shape.ShouldBe([20]);
        rnn.parameters().ShouldAllBe(p => p.abs().max().item<float>() <= 1);
        y.abs()
            .max()
            .item<float>()
            .ShouldBeGreaterThan(1, "an output with tanh, as the document's text has it, would not exceed 1");
    }
}
