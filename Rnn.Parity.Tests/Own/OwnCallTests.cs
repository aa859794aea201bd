using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Own;

/// <summary>What a call must not do, and what is said of it.</summary>
public sealed class OwnCallTests
{
    private static readonly RnnOptions sizes = new(10, 20, Dtype: ScalarType.Float32);

    [Test]
    public void A_wrong_class_of_two_layers_alone_is_not_said_to_keep_something()
    {
        var finding = Parity.Of(
            o => o.NumLayers == 2 ? new ParameterRnn(o) : throw new NotSupportedException("two layers"),
            (rnn, x, h_0) => rnn.call(x.Times(1.01), h_0),
            sizes with
            {
                NumLayers = 2,
            }
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding
            .Explanation.ShouldNotBeNull()
            .ShouldContain(
                "where it began cannot be said, since a call without gradients, or of a new one with fewer layers, fails: "
            );
        finding.Explanation.ShouldNotContain("a new one, called once");
    }

    [Test]
    public void Without_h_0_there_are_integers_and_calls_without_gradients_as_well()
    {
        var cases = OwnCases.Of(sizes with { Dtype = null }, new(), null).ToList();
        cases
            .Where(own => own.Slopes is not null)
            .Select(own => (own.Case.WithoutInitialState, own.Case.Evaluation))
            .ShouldBe([(false, false), (true, true)]);
        cases.Where(own => own.Case.ForwardOnly).Select(own => own.Case.WithoutInitialState).ShouldBe([false, true]);
    }

    [TestCase("mode", "could not change its mode: NotSupportedException: mode")]
    [TestCase("disposed", "could not be disposed of: NotSupportedException: disposed")]
    public void What_it_throws_beside_its_calls_is_a_sentence(string what, string sentence) =>
        Parity.Of(o => new Throws(o, what), sizes).ToString().ShouldContain(sentence);

    [Test]
    public void A_step_that_gives_null_is_told_so() =>
        Parity
            .Of(o => new ParameterRnn(o), OwnRnn.Loop<ParameterRnn>((_, _, _) => null!), sizes)
            .ToString()
            .ShouldContain("the step gives null, h_t is expected");

    private sealed class Throws(RnnOptions o, string what) : Wrapper<ParameterRnn>(new(o))
    {
        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0) => Rnn.call(x, h_0);

        public override void train(bool on = true)
        {
            if (what == "mode")
                throw new NotSupportedException(what);
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (what == "disposed" && disposing)
                throw new NotSupportedException(what);
        }
    }

    [Test]
    public void A_trained_RNN_in_evaluation_stays_in_it()
    {
        using var trained = new ParameterRnn(sizes);
        trained.eval();
        Parity
            .Of(trained, (rnn, x, h_0) => rnn.call(nn.functional.dropout(x, 0.5, rnn.training), h_0), sizes)
            .ShouldHold();
        Parity
            .Of(trained, (rnn, x, h_0) => rnn.call(x, is_grad_enabled() ? h_0 : null), sizes)
            .Evidence.ShouldBe(Evidence.Differs);
        trained.training.ShouldBeFalse();
    }

    private static IEnumerable<TestCaseData> Calls()
    {
        yield return Of(
            "a large state is cut off",
            (rnn, x, h_0) => rnn.call(x, h_0.minimum(ones_like(h_0).Times(5))),
            "differs in 1 (Float32, one step of nine sequences, one state large)"
        );
        yield return Of(
            "a state with gaps",
            (rnn, x, h_0) => rnn.call(x, h_0.is_contiguous() ? h_0 : h_0.Times(2)),
            "differs in 1 (Float32, one step of nine sequences, one state large)"
        );
        yield return Of(
            "its own weights",
            (rnn, x, h_0) =>
            {
                var results = rnn.call(x, h_0.clone());
                using var without = no_grad();
                if (!rnn.training)
                    rnn.get_parameter("weight_hh_l0")!.mul_(Scalars.Zero);
                return results;
            },
            "weight_hh_l0 is not what it was before the call: it is changed in place"
        );
        var buffers = new Dictionary<string, Tensor>();
        yield return Of(
            "a buffer",
            (rnn, x, h_0) =>
            {
                var (output, h_n) = rnn.call(x, h_0);
                if (is_grad_enabled())
                    return (output, h_n);
                var shape = string.Join(" ", output.shape);
                if (!buffers.TryGetValue(shape, out var buffer))
                    buffers[shape] = buffer = output.clone().DetachFromDisposeScope();
                return (buffer.copy_(output), h_n);
            },
            "what a call returned is not what it was before the call: the next call writes into it"
        );
        yield return Of(
            "no memory",
            (_, _, _) => throw new InsufficientMemoryException("nothing is left"),
            "InsufficientMemoryException: nothing is left"
        );

        static TestCaseData Of(
            string name,
            Func<ParameterRnn, Tensor, Tensor, (Tensor, Tensor)> forward,
            string words
        ) => new TestCaseData(forward, words).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Calls))]
    public void A_call_that_does_more_differs(
        Func<ParameterRnn, Tensor, Tensor, (Tensor, Tensor)> forward,
        string words
    )
    {
        var finding = Parity.Of(o => new ParameterRnn(o), forward, sizes);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain(words, customMessage: finding.ToString());
    }

    [TestCase("x")]
    [TestCase("h_0")]
    [TestCase("weight_hh_l0")]
    public void A_function_that_changes_what_it_is_given_differs(string name)
    {
        RnnFunction<float> right = OwnRnns.Function(Math.Tanh);
        var finding = Parity.OfFunction<float>(
            (W_ih, W_hh, b_ih, b_hh, x, h_0) =>
            {
                var results = right(W_ih, W_hh, b_ih, b_hh, x, h_0);
                _ = name switch
                {
                    "x" => x[0, 0, 0] = 99,
                    "h_0" => h_0[0, 0, 0] = 99,
                    _ => W_hh[0, 0] = 99,
                };
                return results;
            },
            new(10, 20)
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain($"{name} is not what it was before the call: it is changed in place");
    }
}
