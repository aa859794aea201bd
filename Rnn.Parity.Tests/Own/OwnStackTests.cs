using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Own;

/// <summary>What is said of a stack is of the whole stack, though its lower layers are seen in stacks of fewer alone.</summary>
public sealed class OwnStackTests
{
    private static readonly RnnOptions sizes = new(10, 20, Dtype: ScalarType.Float32);

    // What is right for two layers need not be so for one.
    [TestCase("drops")]
    [LongCase("doubles")]
    [LongCase("turns")]
    [TestCase("ends")]
    [TestCase("nothing")]
    public void A_class_that_is_right_with_its_own_number_of_layers_alone_is_no_different(string otherwise)
    {
        var finding = Parity.Of(
            o => new LeftToRightRnn(o),
            (rnn, x, h_0) =>
            {
                var (output, h_n) = rnn.call(x, h_0);
                return (
                    h_0.size(0) == 2 ? output
                    : otherwise == "drops" ? functional.dropout(output)
                    : otherwise == "turns" ? output.flip(0)
                    : otherwise == "ends" ? output.narrow(0, 0, 1)
                    : otherwise == "nothing" ? null!
                    : output.Times(2),
                    h_n
                );
            },
            new(3, 5, 2)
        );
        finding.Evidence.ShouldBe(Evidence.Certified, finding.ToString());
    }

    [LongCase(2, false)]
    [TestCase(3, true)]
    public void Another_slope_of_relu_in_every_layer_differs(int layers, bool bidirectional)
    {
        var finding = Parity.Of(
            o => new ByHand(o, (_, z) => z.maximum(zeros_like(z))),
            (rnn, x, h_0) => rnn.Run(x, h_0),
            sizes with
            {
                InputSize = 2,
                HiddenSize = 3,
                NumLayers = layers,
                NonLinearity = NonLinearities.ReLU,
                Bidirectional = bidirectional,
            }
        );
        finding.Evidence.ShouldBe(Evidence.Differs, finding.ToString());
        finding.ToString().ShouldContain("some sums are exactly 0 here");
        finding.ToString().ShouldNotContain("rounds otherwise");
    }

    [TestCase("l0")]
    [LongCase("l0_reverse")]
    [LongCase("l1")]
    [TestCase("l1_reverse")]
    public void Another_slope_of_relu_in_one_layer_or_direction_alone_differs(string layer)
    {
        var finding = WithSlopeOfMaximum(layer, new(3, 5, 2, Bidirectional: true));
        finding.Evidence.ShouldBe(Evidence.Differs, finding.ToString());
        finding.ToString().ShouldContain("some sums are exactly 0 here");
    }

    [Test]
    public void Another_slope_of_relu_in_training_alone_differs()
    {
        ByHand? made = null;
        var finding = Parity.Of(
            o => made = new ByHand(o, (_, z) => made!.training ? z.maximum(zeros_like(z)) : z.relu()),
            (rnn, x, h_0) => rnn.Run(x, h_0),
            sizes with
            {
                NonLinearity = NonLinearities.ReLU,
            }
        );
        finding.Evidence.ShouldBe(Evidence.Differs, finding.ToString());
    }

    [Test]
    public void Where_no_sum_is_0_in_any_draw_the_slope_of_relu_is_said_not_to_show()
    {
        var finding = WithSlopeOfMaximum("l1", new(8, 2, 3));
        finding.Holds.ShouldBeTrue();
        finding.Detail.ShouldEndWith("; the slope of relu at 0 does not show in l1");
    }

    private static Finding WithSlopeOfMaximum(string layer, RnnOptions options) =>
        Parity.Of(
            o => new ByHand(o, (suffix, z) => suffix == layer ? z.maximum(zeros_like(z)) : z.relu()),
            (rnn, x, h_0) => rnn.Run(x, h_0),
            options with
            {
                NonLinearity = NonLinearities.ReLU,
                Dtype = ScalarType.Float32,
            }
        );

    // After so many steps where they began is forgotten, and h_n is that of either.
    [Test]
    public void What_a_stack_of_one_layer_begins_with_says_nothing_of_two()
    {
        var mine = new RnnFactory("mine", o => new ByHand(o, (_, z) => z.@double().tanh().@float()));
        var finding = Parity.Of(mine, RnnFactory.Rnn, new RnnCase("long", "contracting", 60, 2, new(3, 5, 2)));
        finding.Evidence.ShouldBe(Evidence.Certified, finding.ToString());
    }

    [Test]
    public void A_final_state_of_a_lower_layer_is_told_from_its_states()
    {
        var finding = Parity.Of(
            o => new LeftToRightRnn(o),
            (rnn, x, h_0) =>
            {
                var (output, h_n) = rnn.call(x, h_0);
                var below = h_n.narrow(0, 0, 1).Times(0);
                return (output, h_n.size(0) == 1 ? h_n : cat([below, h_n.narrow(0, 1, 1)], 0));
            },
            new(3, 5, 2, Dtype: ScalarType.Float32)
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain("h_n is not the last state: layer 0, forward, row 0, unit 0");
    }

    [Test]
    public void A_mistake_of_whole_stacks_is_not_told_of_a_layer_that_stacks_of_fewer_have()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) => rnn.call(x, h_0.flip(0)),
            sizes with
            {
                NumLayers = 2,
            }
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain("where it began is not known, since a stack of fewer layers has other states");
        finding.ToString().ShouldNotContain("began in layer");
    }

    // nn.RNN's stack with a nonlinearity of its own.
    private sealed class ByHand : Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        private readonly RnnOptions options;
        private readonly Func<string, Tensor, Tensor> φ;

        public ByHand(RnnOptions o, Func<string, Tensor, Tensor> φ)
            : base(nameof(ByHand))
        {
            (options, this.φ) = (o, φ);
            foreach (var name in o.WeightNames)
                register_parameter(name, Parameter(rand(o.ShapeOf(name), o.Dtype ?? ScalarType.Float32)));
        }

        // one layer alone starts from zeros
        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0) =>
            Run(x, options.NumLayers == 1 ? zeros_like(h_0!) : h_0!);

        public (Tensor, Tensor) Run(Tensor x, Tensor h_0)
        {
            var final = new List<Tensor>();
            for (var k = 0; k < options.NumLayers; k++)
            {
                var outputs = new List<Tensor>();
                foreach (var reverse in options.Bidirectional ? new[] { false, true } : [false])
                {
                    var suffix = RnnOptions.Suffix(k, reverse);
                    var (h, states) = (h_0[final.Count], new List<Tensor>());
                    foreach (var x_t in reverse ? x.unbind(0).Reverse() : x.unbind(0))
                        states.Add(h = φ(suffix, Term("ih", suffix, x_t).Plus(Term("hh", suffix, h))));
                    final.Add(h);
                    if (reverse)
                        states.Reverse();
                    outputs.Add(stack(states, 0));
                }
                x = cat([.. outputs], -1);
            }
            return (x, stack(final, 0));
        }

        private Tensor Term(string kind, string suffix, Tensor of) =>
            functional.linear(of, get_parameter($"weight_{kind}_{suffix}")!, get_parameter($"bias_{kind}_{suffix}"));
    }
}
