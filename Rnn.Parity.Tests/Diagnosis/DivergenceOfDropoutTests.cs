using NUnit.Framework;
using Rnn.Parity.Cases;
using Shouldly;
using static Rnn.Parity.Tests.Diagnosis.DivergenceTests;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Diagnosis;

/// <summary>Runs with dropout are traced as they were run. What others draw meanwhile would change them.</summary>
[NonParallelizable]
[MutationOf("parity")]
public sealed class DivergenceOfDropoutTests
{
    [TestCase(0.3, true)]
    [TestCase(0.3, false)]
    [TestCase(1, true)]
    public void Dropout_is_traced_as_it_was_run(double dropout, bool evaluation)
    {
        var c = bidirectional with
        {
            Evaluation = evaluation,
            Options = bidirectional.Options with { Dropout = dropout },
        };
        Explain(c, "l2_reverse", new(s => s.Right(w: s.W with { B_hh = null })))
            .ShouldBe("began in layer 2, reverse, step 4, row 0, unit 0: the term b_hh is missing: another function");
        Explain(RnnFactory.Implementations[0], RnnFactory.RnnCell, c).ShouldBeNull();
    }

    [Test]
    public void Dropout_before_the_first_layer_is_named() =>
        Parity
            .Of(
                new("mine", o => new Around(o, x => nn.functional.dropout(x, o.Dropout, training: true))),
                RnnFactory.RnnCell,
                DivergenceTests.square with
                {
                    Options = DivergenceTests.square.Options with { Dropout = 0.5 },
                }
            )
            .Explanation.ShouldNotBeNull()
            .ShouldContain("the term W_ih x has dropout before the first layer: another function");
}
