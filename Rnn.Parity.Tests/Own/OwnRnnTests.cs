using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Own;

/// <summary>
/// A class of one's own beside nn.RNN: a right one is certified, whatever its order of addition, and each of the common
/// mistakes is one sentence. None passes, and none ends the process.
/// </summary>
/// <remarks>Not in parallel: one of the classes sets a default of the whole process.</remarks>
[NonParallelizable]
[MutationOf("parity")]
public sealed partial class OwnRnnTests
{
    private static readonly RnnCase small = new("own", "a class of one's own", 5, 3, new(4, 6));

    [TestCase(20, 2, 8, 16, 2)]
    [TestCase(5, 3, 4, 6, 1)]
    public void A_right_class_that_adds_in_its_own_order_is_certified(int T, int B, int I, int H, int layers)
    {
        var c = new RnnCase("own-right", "from left to right", T, B, new(I, H, layers));
        var finding = Parity.Of(new("mine", o => new LeftToRightRnn(o)), RnnFactory.Rnn, c);
        finding.Evidence.ShouldBe(Evidence.Certified, finding.Explanation);
        finding.Explanation.ShouldNotBeNull().ShouldContain("the same function in another order of rounding");
    }

    [Test]
    public void A_right_class_is_no_different() =>
        Parity.Of(Mine(_ => { }), RnnFactory.Rnn, small).Holds.ShouldBeTrue();

    [Test]
    public void Gradients_of_gradients_that_differ_are_undecided_for_no_bound_is_derived_for_them()
    {
        // d is 0, the gradient of d² is 0, and its second is not
        var mine = Mine(m =>
            m.After = (y, h) =>
            {
                var d = m.get_parameter("weight_hh_l0")!.Plus(m.get_parameter("weight_hh_l0")!.detach().neg());
                return (y.Plus(d.mul(d).sum()), h);
            }
        );
        Parity.Of(mine, RnnFactory.Rnn, small).Holds.ShouldBeTrue();
        var finding = Parity.Of(mine, RnnFactory.Rnn, small with { SecondOrder = true });
        finding.Evidence.ShouldBe(Evidence.Undecided, finding.Explanation);
        finding.Explanation.ShouldNotBeNull().ShouldContain("gradients of gradients are compared bit by bit alone");
        Should.Throw<ParityException>(finding.ShouldHold);
    }

    [Test]
    public void A_right_class_of_two_layers_alone_is_undecided_where_the_bound_says_nothing()
    {
        // an RNN that forgets nothing, whose lower layer is not known
        var c = new RnnCase("own-chaotic", "weights four times as large", 50, 1, new(4, 32, 2))
        {
            Refine = t => t with { Weights = t.Weights.ToDictionary(w => w.Key, w => w.Value.Times(4)) },
        };
        var mine = new RnnFactory(
            "mine",
            o => o.NumLayers == 2 ? new LeftToRightRnn(o) : throw new NotSupportedException("two layers")
        );
        var finding = Parity.Of(mine, RnnFactory.Rnn, c);
        finding.Evidence.ShouldBe(Evidence.Undecided, finding.Explanation);
        finding.Explanation.ShouldNotBeNull().ShouldContain("mine is undecided: ");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_one_sentence(string sentence, RnnFactory mine)
    {
        var finding = Parity.Of(mine, RnnFactory.Rnn, small);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Holds.ShouldBeFalse();
        finding.Explanation.ShouldNotBeNull().ShouldStartWith($"{small}\n  mine: {sentence}");
        finding.Explanation.Split('\n').Length.ShouldBeLessThanOrEqualTo(3);
    }

    [Test]
    public void A_state_that_is_detached_in_each_step_differs_in_its_gradients_alone()
    {
        var first = true;
        var mine = Mine(m =>
        {
            m.H_0 = h =>
            {
                first = true;
                return h;
            };
            m.Before = h =>
            {
                h = first ? h : h.detach();
                first = false;
                return h;
            };
        });
        var finding = Parity.Of(mine, RnnFactory.Rnn, small);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.DifferingQuantities.ShouldContain("grad.weight_hh_l0");
        finding.DifferingQuantities.ShouldAllBe(q => q.StartsWith("grad.", StringComparison.Ordinal));
        finding.Explanation.ShouldNotBeNull().ShouldContain("no gradient passes from a step to the one before");
    }

    [TestCase(0, 3, 4, 6, 1, "T is 0, at least 1 is expected")]
    [TestCase(-1, 3, 4, 6, 1, "T is -1, at least 1 is expected")]
    [TestCase(5, 0, 4, 6, 1, "B is 0, at least 1 is expected")]
    [TestCase(5, 3, -1, 6, 1, "inputSize is -1, at least 0 is expected")]
    [TestCase(5, 3, 4, 0, 1, "hiddenSize is 0, at least 1 is expected")]
    [TestCase(5, 3, 4, 6, 0, "numLayers is 0, at least 1 is expected")]
    public void A_case_that_cannot_be_is_one_sentence(int T, int B, int I, int H, int layers, string sentence) =>
        Should
            .Throw<ArgumentException>(() =>
                Parity.Of(Mine(_ => { }), RnnFactory.Rnn, new("own-none", "cannot be", T, B, new(I, H, layers)))
            )
            .Message.ShouldBe(sentence);

    [Test]
    public void A_right_class_without_features_is_certified()
    {
        var c = new RnnCase("own-nothing", "no features", 5, 3, new(0, 6));
        var mine = new RnnFactory("mine", o => new LeftToRightRnn(o));
        Parity.Of(mine, RnnFactory.Rnn, c).Evidence.ShouldBe(Evidence.Certified);
    }

    [Test]
    public void A_wrong_gradient_of_a_right_output_says_so()
    {
        var c = small with { Options = new(4, 6) };
        var mine = new RnnFactory("mine", o => new Wrapped(new LeftToRightRnn(o)));
        var explanation = Parity.Of(mine, RnnFactory.Rnn, c).Explanation.ShouldNotBeNull();
        explanation.ShouldContain("mine is not certified: grad.h_0 at [");
        explanation
            .Split('\n')[^1]
            .ShouldBe(
                "  output and h_n lie within their bounds, and grad.h_0 does not: no cut of the gradients in every layer explains it: the mistake is in them, or in states by less than their bounds"
            );
    }

    [Test]
    public void Another_function_without_gradients_differs()
    {
        var finding = Parity.Of(
            o => new Own(o),
            (own, x, h_0) => own.call(x, is_grad_enabled() ? h_0 : h_0.Times(1.1)),
            new(4, 6)
        );
        finding.Evidence.ShouldBe(Evidence.Differs, finding.Explanation);
        finding.Explanation.ShouldNotBeNull().ShouldContain("began in layer 0, forward, step 0");
    }

    [Test]
    public void A_class_without_packed_sequences_is_undecided_where_a_case_has_them()
    {
        var c = small with { Lengths = [5, 2, 1] };
        var finding = Parity.Of(Mine(_ => { }), RnnFactory.Rnn, c);
        finding.Evidence.ShouldBe(Evidence.Undecided);
        finding.Explanation.ShouldBe($"{c}\n  mine: it takes no packed sequences, and the case is of packed ones");
    }

    [Test]
    public void A_class_that_is_built_for_one_layer_alone_is_still_judged()
    {
        var c = new RnnCase("own-two", "two layers", 3, 2, new(4, 4, 2));
        var finding = Parity.Of(Mine(_ => { }), RnnFactory.Rnn, c);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldNotBeNull().ShouldContain("mine: it has no parameter weight_ih_l1 (4, 4)");
    }

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Of("grad.h_0 is missing", "h_0 detached", m => m.H_0 = h => h.detach());
        yield return Of(
            "grad.weight_hh_l0 is missing",
            "a weight detached",
            m => m.Weight = (name, w) => name == "weight_hh_l0" ? w.detach() : w
        );
        yield return Of(
            "grad.weight_ih_l0, grad.weight_hh_l0, grad.bias_ih_l0, grad.bias_hh_l0 are missing",
            "all weights detached",
            m => m.Weight = (_, w) => w.detach()
        );
        yield return Of(
            "output is Float64, Float32 is expected",
            "float64",
            m => m.After = (y, h) => (y.to(float64), h)
        );
        yield return Of(
            "output requires no gradient: it is detached",
            "output detached",
            m => m.After = (y, h) => (y.detach(), h)
        );
        yield return Of("h_n requires no gradient", "h_n detached", m => m.After = (y, h) => (y, h.detach()));
        yield return Of("output requires no gradient", "no_grad", m => m.Frozen = true);
        yield return Of(
            "output is (3, 5, 6), (5, 3, 6) is expected: the dimensions are in another order",
            "(B, T, H)",
            m => m.After = (y, h) => (y.transpose(0, 1), h)
        );
        yield return Of(
            "h_n is (3, 1, 6), (1, 3, 6) is expected: the dimensions are in another order",
            "(B, 1, H)",
            m => m.After = (y, h) => (y, h.transpose(0, 1))
        );
        yield return Of("h_n is (3, 6), (1, 3, 6) is expected", "(B, H)", m => m.After = (y, h) => (y, h[0]));
        yield return Of("output is on meta, cpu is expected", "meta", m => m.After = (y, h) => (y.to(META), h));
        yield return Of("output is sparse, a dense", "sparse", m => m.After = (y, h) => (y.to_sparse(), h));
        yield return Of("output is null", "null", m => m.After = (_, h) => (null!, h));
        yield return Of("output has been disposed", "output disposed", m => m.After = (y, h) => (Disposed(y), h));
        yield return new("the factory gives null, an RNN is expected", new RnnFactory("mine", _ => null!))
        {
            TestName = "{m}: the factory gives null",
        };
        yield return new(
            "it has no parameters: none is registered, or it has been disposed",
            new RnnFactory("mine", o => Disposed(new Own(o)))
        )
        {
            TestName = "{m}: a disposed module",
        };
        yield return Of(
            "it could not run backward: a tensor that autograd needs was changed in place",
            "a state changed in place",
            m => m.InPlace = true
        );
        yield return Of(
            "it could not run forward, with x (5, 3, 4) as (T, B, I) and h_0 (1, 3, 6): InvalidOperationException: the head is missing",
            "it throws",
            m => m.Before = _ => throw new InvalidOperationException("the head is missing")
        );
        yield return Wrong("weight_ih_l0 is Float64, Float32 is expected", o => o with { Dtype = ScalarType.Float64 });
        yield return Wrong("weight_ih_l0 is (6, 5), (6, 4) is expected", o => o with { InputSize = 5 });
        yield return Wrong("it has no parameter bias_ih_l0 (6), and nn.RNN has", o => o with { Bias = false });
        yield return Of("it has a parameter scale (1), and nn.RNN has not", "one more", m => m.Extra());
        yield return new(
            "it could not be built: NotSupportedException: no such device",
            new RnnFactory("mine", _ => throw new NotSupportedException("no such device"))
        )
        {
            TestName = "{m}: it cannot be built",
        };

        static TestCaseData Of(string sentence, string name, Action<Own> change) =>
            new(sentence, Mine(change)) { TestName = $"{{m}}: {name}" };
        static TestCaseData Wrong(string sentence, Func<RnnOptions, RnnOptions> change) =>
            new(sentence, new RnnFactory("mine", o => new Own(change(o)))) { TestName = $"{{m}}: {sentence}" };
    }
}
