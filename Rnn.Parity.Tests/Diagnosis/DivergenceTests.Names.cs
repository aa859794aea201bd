using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Diagnosis;

/// <summary>A name is given only to what reproduces the run: mistakes that were taken for others.</summary>
public sealed partial class DivergenceTests
{
    [TestCase(true, "(W_ih x + b_ih) + (W_hh h + b_hh), each bracket in float64 and rounded")]
    [TestCase(false, "(W_ih x + b_ih) + (W_hh h + b_hh), each product in float64 and rounded")]
    public void Products_in_float64_are_named(bool bracket, string words)
    {
        Tensor Rounded(Tensor x, Tensor W, Tensor b)
        {
            var product = x.@double().mm(W.@double().t());
            return bracket ? product.Plus(b.@double()).@float() : product.@float().Plus(b);
        }
        Explain(wide, "l1", new(s => s.Φ(Rounded(s.X_t, s.W.W_ih, s.W.B_ih!).Plus(Rounded(s.H, s.W.W_hh, s.W.B_hh!)))))
            .ShouldNotBeNull()
            .ShouldContain(words);
    }

    [Test]
    public void A_weight_in_bfloat16_is_named() =>
        Explain(
                wide,
                "l1",
                new(s => s.Right(w: s.W with { W_hh = s.W.W_hh.to(ScalarType.BFloat16).to(ScalarType.Float32) }))
            )
            .ShouldNotBeNull()
            .ShouldContain("lower precision: the weights W_hh are rounded to bfloat16");

    [Test]
    public void A_mistake_is_named_with_the_tensors_that_are_given()
    {
        using var scope = NewDisposeScope();
        var given = square.Draw();
        // the case's own show no difference
        var c = square with
        {
            Refine = t =>
                t with
                {
                    Weights = t.Weights.ToDictionary(
                        w => w.Key,
                        w => w.Key.StartsWith("bias_hh", StringComparison.Ordinal) ? zeros_like(w.Value) : w.Value
                    ),
                },
        };
        var expected = RnnRun.Of(RnnFactory.RnnCell, c, given, CPU);
        var mine = Planted("l0", new(s => s.Right(w: s.W with { B_hh = null })));
        new SideBySide(new(mine, c, given, CPU), new(RnnFactory.RnnCell, c, given, CPU) { Quantities = expected })
            .Judged()
            .Explanation.ShouldNotBeNull()
            .ShouldContain("row 0, unit 0: the term b_hh is missing: another function");
    }

    [Test]
    public void Packed_sequences_are_taken_apart_where_their_cotangent_is_packed_too()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("packed", "more sequences than units", 3, 3, new(2, 2)) { Lengths = [3, 2, 1] };
        var drawn = c.Draw();
        var tensors = drawn with { GradOutput = c.Cotangent(drawn) };
        var expected = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU).ToDictionary();
        expected["h_n"] = expected["h_n"].flip(1);
        new SideBySide(
            new(RnnFactory.Implementations[0], c, tensors, CPU),
            new(RnnFactory.Rnn, c, tensors, CPU) { Quantities = expected }
        )
            .Judged()
            .Explanation.ShouldNotBeNull()
            .ShouldContain("each of the packed sequences alone is identical");
    }

    [Test]
    public void Gradients_that_differ_alone_are_told_so_of_packed_sequences_too()
    {
        var c = square with { Lengths = [5, 2, 1] };
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        var expected = RnnRun.Of(RnnFactory.RnnCell, c, tensors, CPU).ToDictionary();
        expected["grad.h_0"] = expected["grad.h_0"].Times(2);
        var finding = new SideBySide(
            new(RnnFactory.Implementations[0], c, tensors, CPU),
            new(RnnFactory.RnnCell, c, tensors, CPU) { Quantities = expected }
        ).Judged();
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.DifferingQuantities.ShouldBe(["grad.h_0"]);
        finding
            .Explanation.ShouldNotBeNull()
            .ShouldEndWith("output and h_n are identical: the difference is in the gradients alone");
    }

    /// <summary>Something before the right RNN.</summary>
    internal sealed class Around(RnnOptions options, Func<Tensor, Tensor> before)
        : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>("Around")
    {
        private readonly LinearRnn rnn = new(options);

        public override (Tensor, Tensor) forward(Tensor input, Tensor? h_0) => rnn.call(before(input), h_0);

        public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
            rnn.named_parameters();

        public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
            Dictionary<string, Tensor> source,
            bool strict = true,
            IList<string>? skip = null
        ) => rnn.load_state_dict(source, strict, skip);
    }
}
