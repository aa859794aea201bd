using NUnit.Framework;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Own;

/// <summary>The state that a call begins with or ends in: another one in some calls is told.</summary>
public sealed class OwnStateTests
{
    private static readonly RnnOptions sizes = new(10, 20, Dtype: ScalarType.Float32);

    private static IEnumerable<TestCaseData> States()
    {
        const string batch = "twelve steps of four sequences from zeros, after calls of other sizes";
        const string one = "one step of one sequence in evaluation";
        yield return Of(
            "kept in evaluation",
            m => m.H_0 ?? (m.Rnn.training ? null : m.Last),
            "from zeros in evaluation"
        );
        yield return Of("kept in training", m => m.H_0 ?? (m.Rnn.training ? m.Last : null), batch);
        yield return Of(
            "kept in training where it fits",
            m => m.H_0 ?? (m.Rnn.training && m.Last?.size(1) == m.B ? m.Last : null),
            batch
        );
        yield return Of("ones for a batch", m => m.H_0 ?? (m.B > 1 ? ones(1, m.B, 20) : null), batch);
        yield return Of("at random in training", m => m.H_0 ?? (m.Rnn.training ? rand(1, m.B, 20) : null), batch);
        yield return Of(
            "ones for one sequence in training",
            m => m.H_0 ?? (m.Rnn.training && m.B == 1 ? ones(1, 1, 20) : null),
            "two steps of one sequence from zeros"
        );
        yield return Of("of one sequence left out", m => m.B == 1 ? null : m.H_0, one);
        yield return Of(
            "zeros of the first batch",
            m => m.H_0 ?? (m.Last is { } last ? zeros_like(last) : null),
            "could not run forward, with x (12, 8, 10) as (T, B, I) and no h_0: ArgumentException: h_0 is (1, 2, 20)"
        );

        static TestCaseData Of(
            string name,
            Func<(ParameterRnn Rnn, long B, Tensor? H_0, Tensor? Last), Tensor?> state,
            string words
        ) => new TestCaseData(state, words).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(States))]
    public void A_state_that_is_another_in_some_calls_differs(
        Func<(ParameterRnn Rnn, long B, Tensor? H_0, Tensor? Last), Tensor?> state,
        string words
    )
    {
        var finding = Parity.Of(o => new FromState(o, state), sizes);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain(words, customMessage: finding.ToString());
    }

    [Test]
    public void A_final_state_that_is_another_with_gradients_is_told_from_where_it_began()
    {
        var finding = Parity.Of(
            o => new LeftToRightRnn(o),
            (rnn, x, h_0) =>
            {
                var (output, h_n) = rnn.call(x, h_0);
                return (output, is_grad_enabled() ? h_n.Times(1.001) : h_n);
            },
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain("a new one, called once and without gradients, gives other numbers");
    }

    private sealed class FromState(
        RnnOptions options,
        Func<(ParameterRnn Rnn, long B, Tensor? H_0, Tensor? Last), Tensor?> state
    ) : Wrapper<ParameterRnn>(new(options))
    {
        private Tensor? last;

        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0)
        {
            var (output, h_n) = Rnn.call(x, state((Rnn, x.size(1), h_0, last)));
            last = h_n.detach().clone().DetachFromDisposeScope();
            return (output, h_n);
        }
    }
}
