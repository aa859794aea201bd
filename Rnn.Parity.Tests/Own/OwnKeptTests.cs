using NUnit.Framework;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Own;

/// <summary>What code that is not ours may keep, and what it may not.</summary>
[NonParallelizable]
public sealed class OwnKeptTests
{
    private static readonly RnnOptions sizes = new(5, 7, Dtype: ScalarType.Float32);

    [Test]
    public void A_constant_that_is_made_in_one_call_serves_the_next()
    {
        Tensor? one = null;
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                one ??= tensor(1.0f);
                var (output, h_n) = rnn.call(x, h_0);
                return (output.mul(one), h_n);
            },
            sizes
        );
        finding.Holds.ShouldBeTrue(finding.ToString());
        one!.IsInvalid.ShouldBeFalse();
    }

    [Test]
    public void A_trained_RNN_keeps_what_it_made()
    {
        using var trained = new Lazily(sizes);
        Parity.Of(trained, (rnn, x, h_0) => rnn.call(x, h_0), sizes).ShouldHold();
        using var x = rand(2, 3, 5);
        Should.NotThrow(() => trained.call(x, null));
    }

    [Test]
    public void A_call_that_is_another_function_differs([Values(2, 3, 4)] int call, [Values(0, 0.4)] double dropout) =>
        ShouldRunAndDiffer(
            Parity.Of(
                o => new Keeper(
                    o,
                    (m, x, h_0) =>
                        m.Rnn.call(x, h_0) is var (output, h_n) && m.Calls == call
                            ? (output.Times(1.01), h_n)
                            : (output, h_n)
                ),
                sizes with
                {
                    NumLayers = 2,
                    Dropout = dropout,
                }
            )
        );

    [Test]
    public void The_reason_of_a_class_that_refuses_some_call_is_told()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
                x.size(1) == 8 ? throw new InvalidOperationException("8 sequences are too many") : rnn.call(x, h_0),
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding
            .ToString()
            .ShouldEndWith(
                "mine: it could not run forward, with x (12, 8, 5) as (T, B, I) and no h_0: InvalidOperationException: 8 sequences are too many"
            );
    }

    [Test]
    public void A_result_that_the_next_call_disposes_of_is_told_as_that()
    {
        Tensor? last = null;
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                last?.Dispose();
                var (output, h_n) = rnn.call(x, h_0);
                last = output;
                return (output, h_n);
            },
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldEndWith("what a call returned has been disposed");
    }

    [Test]
    public void A_final_state_that_the_next_call_writes_into_differs()
    {
        var (kept, right) = (new float[1, 0, 0], OwnRnns.Function(Math.Tanh));
        var finding = Parity.OfFunction<float>(
            (W_ih, W_hh, b_ih, b_hh, x, h_0) =>
            {
                var (output, h_n) = right(W_ih, W_hh, b_ih, b_hh, x, h_0);
                if (kept.Length != h_n.Length)
                    kept = h_n;
                Array.Copy(h_n, kept, h_n.Length);
                return (output, kept);
            },
            new(5, 7)
        );
        // from_array shares an array's memory
        finding.Evidence.ShouldBe(Evidence.Differs, finding.ToString());
        finding.ToString().ShouldContain("the next call writes into it");
    }

    private static IEnumerable<TestCaseData> Keepers()
    {
        yield return Of("the last h_0 that was given", (m, x, h_0) => m.Rnn.call(x, h_0 ?? m.Fitting(x)));
        yield return Of("the steps of the first call", (m, x, h_0) => m.Rnn.call(m.StandingStill(x), h_0));
        yield return Of("the sequences of the first call", (m, x, h_0) => m.Rnn.call(m.WithoutOthers(x), h_0));
        yield return Of("weights of training", (m, x, h_0) => m.WithFirstWeights(x, h_0));

        static TestCaseData Of(string name, Func<Keeper, Tensor, Tensor?, (Tensor, Tensor)> call) =>
            new TestCaseData(call).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Keepers))]
    public void What_is_kept_of_calls_of_other_sizes_or_in_the_other_mode_differs(
        Func<Keeper, Tensor, Tensor?, (Tensor, Tensor)> call
    ) => ShouldRunAndDiffer(Parity.Of(o => new Keeper(o, call), sizes));

    [Test]
    public void An_input_that_the_first_call_changes_differs()
    {
        var finding = Parity.Of(
            o => new Keeper(
                o,
                (m, x, h_0) =>
                {
                    var results = m.Rnn.call(x.clone(), h_0);
                    using var without = no_grad();
                    if (m.Calls == 1)
                        x.zero_();
                    return results;
                }
            ),
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain("input is not what it was before the call");
    }

    [Test]
    public void A_head_of_another_type_before_the_RNN_says_nothing_of_it()
    {
        using var trained = new WithHead(new(5, 7));
        Parity
            .Of(
                trained,
                (m, x, h_0) => m.Rnn.call(x, h_0),
                new(5, 7),
                new()
                {
                    Names = new RnnOptions(5, 7).WeightNames.ToDictionary(name => name, name => $"rnn.{name}"),
                    Others = ["head.weight", "head.bias"],
                }
            )
            .ShouldHold();
    }

    private static void ShouldRunAndDiffer(Finding finding)
    {
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldNotContain("could not run");
    }

    private sealed class Lazily(RnnOptions o) : Wrapper<ParameterRnn>(new(o))
    {
        private Tensor? one;

        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0)
        {
            one ??= ones(1);
            var (output, h_n) = Rnn.call(x, h_0);
            return (output.mul(one), h_n);
        }
    }

    /// <summary>A class that keeps something of its calls.</summary>
    public sealed class Keeper(RnnOptions o, Func<Keeper, Tensor, Tensor?, (Tensor, Tensor)> run)
        : Wrapper<ParameterRnn>(new(o))
    {
        private Dictionary<string, Tensor>? weights;
        private Tensor? h_0;
        private (long T, long B)? first;

        public int Calls { get; private set; }

        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0)
        {
            Calls++;
            this.h_0 = h_0 ?? this.h_0;
            first ??= (x.size(0), x.size(1));
            return run(this, x, h_0);
        }

        public Tensor? Fitting(Tensor x) => h_0 is null || x.size(1) > h_0.size(1) ? null : h_0.narrow(1, 0, x.size(1));

        public Tensor StandingStill(Tensor x) =>
            x.size(0) <= first!.Value.T
                ? x
                : cat([
                    x.narrow(0, 0, first.Value.T),
                    zeros_like(x.narrow(0, first.Value.T, x.size(0) - first.Value.T)),
                ]);

        public Tensor WithoutOthers(Tensor x) =>
            x.size(1) <= first!.Value.B
                ? x
                : cat(
                    [x.narrow(1, 0, first.Value.B), zeros_like(x.narrow(1, first.Value.B, x.size(1) - first.Value.B))],
                    1
                );

        public (Tensor, Tensor) WithFirstWeights(Tensor x, Tensor? h_0)
        {
            if (Rnn.training)
                weights ??= Rnn.state_dict().ToDictionary(w => w.Key, w => w.Value.detach().clone());
            if (Rnn.training || weights is null)
                return Rnn.call(x, h_0);
            using var stale = new ParameterRnn(Rnn.Options);
            stale.load_state_dict(weights);
            return stale.call(x, h_0);
        }
    }

    private sealed class WithHead : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear head = Linear(7, 2, dtype: ScalarType.Float64);
        private readonly TorchSharp.Modules.RNN rnn;

        public WithHead(RnnOptions o)
            : base(nameof(WithHead))
        {
            rnn = RNN(o.InputSize, o.HiddenSize);
            RegisterComponents();
        }

        public TorchSharp.Modules.RNN Rnn => rnn;

        public override Tensor forward(Tensor x) => head.call(x);
    }
}
