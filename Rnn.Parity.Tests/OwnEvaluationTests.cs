using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests;

/// <summary>RNNs that evaluate the same equation, or nearly the same, otherwise than nn.RNN does.</summary>
[NonParallelizable]
public sealed class OwnEvaluationTests
{
    private static readonly RnnOptions sizes = new(10, 20, Dtype: ScalarType.Float32);

    [Test]
    public void A_function_with_a_state_of_more_bits_is_certified() =>
        Parity.OfFunction(OwnRnns.Function(Math.Tanh), new(10, 20)).Evidence.ShouldBe(Evidence.Certified);

    [Test]
    public void Another_bit_where_nothing_rounds_is_undecided()
    {
        var options = new RnnOptions(10, 20, NonLinearity: NonLinearities.ReLU);
        Parity.OfFunction(OwnRnns.Function(z => Math.Max(z, 0)), options).Detail.ShouldContain("exact in 1");
        // the last bit of a float32
        var finding = Parity.OfFunction(OwnRnns.Function(z => Math.Max(z, 0) * (1 + Math.ScaleB(1, -23))), options);
        finding.Evidence.ShouldBe(Evidence.Undecided, finding.Detail);
        finding.Holds.ShouldBeFalse();
        finding.Explanation.ShouldNotBeNull().ShouldContain("mine is not exact");
        finding.Explanation.ShouldContain("no sum of the equation rounds in this case");
    }

    [Test]
    public void A_final_state_that_is_computed_once_more_is_certified()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                var output = rnn.call(x, h_0).output;
                var before = x.size(0) == 1 ? h_0[0] : output[-2];
                var last = OwnRnns
                    .Inputs(rnn, x[-1])
                    .Plus(OwnRnns.Recurrent(rnn, before))
                    .Plus(rnn.get_parameter("bias_ih_l0")!);
                return (output, last.Plus(rnn.get_parameter("bias_hh_l0")!).tanh().unsqueeze(0));
            },
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Certified, finding.ToString());
    }

    [Test]
    public void A_tanh_by_the_logistic_function_is_undecided_where_its_error_shows()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            OwnRnn.Loop<ParameterRnn>(
                (rnn, x_t, h) =>
                    OwnRnns.Inputs(rnn, x_t).Plus(OwnRnns.Recurrent(rnn, h)).Times(2).sigmoid().Times(2).Plus(-1)
            ),
            new(1, 2, Bias: false, Dtype: ScalarType.Float32)
        );
        finding.Evidence.ShouldBe(Evidence.Undecided, finding.ToString());
        finding.Holds.ShouldBeFalse();
        finding.Explanation.ShouldNotBeNull().ShouldContain("it is certified if its tanh is 2σ(2z) − 1");
    }

    [Test]
    public void A_value_that_is_cut_off_where_nothing_rounds_is_no_lower_precision()
    {
        var finding = Parity.OfFunction(
            OwnRnns.Function(z => Math.Clamp(z, 0, 16)),
            new(10, 20, NonLinearity: NonLinearities.ReLU)
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldNotBeNull().ShouldNotContain("bfloat16");
    }

    // What is right for two layers need not be so for one.
    [TestCase("drops")]
    [TestCase("doubles")]
    [TestCase("turns")]
    public void A_class_that_is_right_with_its_own_number_of_layers_alone_is_no_different(string otherwise)
    {
        var finding = Parity.Of(
            o => new Scratch.Notebooks.LeftToRightRnn(o),
            (rnn, x, h_0) =>
            {
                var (output, h_n) = rnn.call(x, h_0);
                return (
                    h_0.size(0) == 2 ? output
                    : otherwise == "drops" ? functional.dropout(output)
                    : otherwise == "turns" ? output.flip(0)
                    : output.Times(2),
                    h_n
                );
            },
            new(3, 5, 2)
        );
        finding.Evidence.ShouldBe(Evidence.Certified, finding.ToString());
    }

    [TestCase(2, false)]
    [TestCase(3, true)]
    public void Another_slope_of_relu_in_every_layer_differs(int layers, bool bidirectional)
    {
        var finding = Parity.Of(
            o => new ByHand(o, z => z.maximum(zeros_like(z))),
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
    }

    // After so many steps where they began is forgotten, and h_n is that of either.
    [Test]
    public void What_a_stack_of_one_layer_begins_with_says_nothing_of_two()
    {
        var mine = new RnnFactory("mine", o => new ByHand(o, z => z.@double().tanh().@float()));
        var finding = Parity.Of(mine, RnnFactory.Rnn, new RnnCase("long", "contracting", 60, 2, new(3, 5, 2)));
        finding.Evidence.ShouldBe(Evidence.Certified, finding.ToString());
    }

    [Test]
    public void A_final_state_of_a_lower_layer_is_told_from_its_states()
    {
        var finding = Parity.Of(
            o => new Scratch.Notebooks.LeftToRightRnn(o),
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

    [Test]
    public void A_case_in_which_nothing_rounds_is_there_without_h_0_too() =>
        Parity
            .Of(o => new ParameterRnn(o), (rnn, x, _) => rnn.call(x), sizes, new() { WithoutInitialState = true })
            .Detail.ShouldBe("of 8 cases beside nn.RNN, exact in 1, identical in 7");

    [Test]
    public void One_bias_under_the_name_of_nn_RNN() =>
        Parity
            .Of(
                o => new OneBias(o),
                OwnRnn.Loop<OneBias>((rnn, x_t, h) => rnn.Step(x_t, h)),
                sizes,
                new() { Names = new Dictionary<string, string> { ["bias_hh_l0"] = "bias_ih_l0" } }
            )
            .ShouldHold();

    [Test]
    public void A_term_that_is_left_out_where_the_state_is_zero_is_no_mistake() =>
        Parity
            .Of(
                o => new ParameterRnn(o),
                (rnn, x, _) =>
                {
                    var states = new List<Tensor>();
                    foreach (var x_t in x.unbind(0))
                    {
                        var z = OwnRnns.Inputs(rnn, x_t).Plus(rnn.get_parameter("bias_ih_l0")!);
                        z = states.Count == 0 ? z : z.Plus(OwnRnns.Recurrent(rnn, states[^1]));
                        states.Add(z.Plus(rnn.get_parameter("bias_hh_l0")!).tanh());
                    }
                    return (stack(states, 0), states[^1].unsqueeze(0));
                },
                sizes,
                new() { WithoutInitialState = true }
            )
            .ShouldHold();

    [Test]
    public void A_tanh_that_overflows_is_told_as_what_it_is()
    {
        var finding = Parity.OfFunction(
            OwnRnns.Function(z =>
                ((float)Math.Exp(z) - (float)Math.Exp(-z)) / ((float)Math.Exp(z) + (float)Math.Exp(-z))
            ),
            new(10, 20)
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain("not a number, where ");
        finding.ToString().ShouldContain("is expected: something overflows, or is divided by 0");
    }

    // Where h_0 is 0 the operands of W_hh h are rounded by nothing.
    [Test]
    public void Decimals_are_not_taken_for_lower_precision()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            OwnRnn.Loop<ParameterRnn>(
                (rnn, x_t, h) =>
                {
                    var z = OwnRnns.Inputs(rnn, x_t).Plus(rnn.get_parameter("bias_ih_l0")!);
                    var next = z.Plus(OwnRnns.Recurrent(rnn, h)).Plus(rnn.get_parameter("bias_hh_l0")!).tanh();
                    return next.Plus(next.detach().round(6).Plus(next.detach().neg()));
                }
            ),
            new(3, 5)
        );
        finding.Evidence.ShouldBe(Evidence.Differs, finding.ToString());
        finding.ToString().ShouldNotContain("lower precision");
    }

    [TestCase(3, 5)]
    [TestCase(10, 10)]
    [TestCase(1, 8)]
    public void Another_slope_of_relu_at_0_differs_whatever_the_sizes(int I, int H)
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            OwnRnn.Loop<ParameterRnn>(
                (rnn, x_t, h) =>
                    OwnRnns
                        .Inputs(rnn, x_t)
                        .Plus(OwnRnns.Recurrent(rnn, h))
                        .Plus(rnn.get_parameter("bias_ih_l0")!)
                        .Plus(rnn.get_parameter("bias_hh_l0")!)
                        .clamp_min(Scalars.Zero)
            ),
            new(I, H, NonLinearity: NonLinearities.ReLU)
        );
        finding.Evidence.ShouldBe(Evidence.Differs, finding.ToString());
    }

    [Test]
    public void Another_slope_of_relu_at_0_is_told_as_what_it_is()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            OwnRnn.Loop<ParameterRnn>(
                (rnn, x_t, h) =>
                {
                    var z = OwnRnns.Inputs(rnn, x_t).Plus(OwnRnns.Recurrent(rnn, h));
                    return z.maximum(zeros_like(z));
                }
            ),
            new(10, 20, NonLinearity: NonLinearities.ReLU, Bias: false, Dtype: ScalarType.Float32)
        );
        finding.Evidence.ShouldBe(Evidence.Differs, finding.ToString());
        finding
            .Explanation.ShouldNotBeNull()
            .ShouldEndWith("some sums are exactly 0 here, where the slope of nn.RNN's relu is 0");
    }

    // nn.RNN's stack with a nonlinearity of its own.
    private sealed class ByHand : Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        private readonly RnnOptions options;
        private readonly Func<Tensor, Tensor> φ;

        public ByHand(RnnOptions o, Func<Tensor, Tensor> φ)
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
                        states.Add(h = φ(Term("ih", suffix, x_t).Plus(Term("hh", suffix, h))));
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

    private sealed class OneBias : Module
    {
        public OneBias(RnnOptions o)
            : base(nameof(OneBias))
        {
            register_parameter("weight_ih_l0", Parameter(rand(o.HiddenSize, o.InputSize)));
            register_parameter("weight_hh_l0", Parameter(rand(o.HiddenSize, o.HiddenSize)));
            register_parameter("bias_ih_l0", Parameter(rand(o.HiddenSize)));
        }

        public Tensor Step(Tensor x, Tensor h) =>
            x.mm(get_parameter("weight_ih_l0")!.t())
                .Plus(h.mm(get_parameter("weight_hh_l0")!.t()))
                .Plus(get_parameter("bias_ih_l0")!)
                .tanh();
    }
}
