using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Own;

/// <summary>What is said of a class is true of it, in words that say what to do.</summary>
public sealed class OwnNamesTests
{
    private static readonly RnnOptions sizes = new(5, 7, Dtype: ScalarType.Float32);

    [TestCase(ScalarType.Float16, "TF32 or float16")]
    [TestCase(ScalarType.BFloat16, "bfloat16")]
    public void An_output_that_is_rounded_where_the_state_is_not_is_told_so(ScalarType type, string format)
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                var (output, h_n) = rnn.call(x, h_0);
                return (output.to(type).to(output.dtype), h_n);
            },
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain($"lower precision: the output, and not the state, is rounded to {format}");
    }

    [Test]
    public void Fixed_point_is_not_told_as_a_type_of_few_bits([Values(64, 1024)] double parts, [Values(1, 7)] int units)
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                var (h, states) = (h_0[0], new List<Tensor>());
                foreach (var x_t in x.unbind(0))
                {
                    (_, h_0) = rnn.call(x_t.unsqueeze(0), h.unsqueeze(0));
                    states.Add(h = h_0[0].Times(parts).round().Over(parts));
                }
                return (stack(states, 0), h.unsqueeze(0));
            },
            sizes with
            {
                HiddenSize = units,
            }
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain("another function, by no mistake that is on the list");
    }

    // from 1/2 on bfloat16 has the multiples of 2⁻⁸ alone
    [Test]
    public void States_of_few_bits_that_are_all_large_are_told_as_that()
    {
        using var trained = new ParameterRnn(sizes);
        init.ones_(trained.get_parameter("bias_ih_l0")!);
        init.ones_(trained.get_parameter("bias_hh_l0")!);
        init.zeros_(trained.get_parameter("weight_ih_l0")!);
        var finding = Parity.Of(
            trained,
            (rnn, x, h_0) =>
            {
                var (h, states) = (h_0[0], new List<Tensor>());
                foreach (var x_t in x.unbind(0))
                {
                    (_, h_0) = rnn.call(x_t.unsqueeze(0), h.unsqueeze(0));
                    states.Add(h = h_0[0].bfloat16().@float());
                }
                return (stack(states, 0), h.unsqueeze(0));
            },
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding
            .ToString()
            .ShouldContain("lower precision: h_t is rounded to bfloat16", customMessage: finding.ToString());
    }

    [TestCase(NonLinearities.Tanh)]
    [TestCase(NonLinearities.ReLU)]
    public void An_output_that_is_taken_before_the_nonlinearity_is_told_so(NonLinearities φ)
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                var (h, sums) = (h_0, new List<Tensor>());
                foreach (var x_t in x.unbind(0))
                {
                    var z = OwnRnns.Inputs(rnn, x_t).Plus(OwnRnns.Recurrent(rnn, h[0]));
                    z = z.Plus(rnn.get_parameter("bias_ih_l0")!).Plus(rnn.get_parameter("bias_hh_l0")!);
                    sums.Add(z);
                    h = (φ == NonLinearities.Tanh ? z.tanh() : z.relu()).unsqueeze(0);
                }
                return (stack(sums, 0), h);
            },
            sizes with
            {
                NonLinearity = φ,
            }
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain(": the output is taken before the nonlinearity: another function");
    }

    [Test]
    public void A_trained_stack_that_differs_has_no_place_where_it_began()
    {
        using var trained = new ParameterRnn(sizes with { NumLayers = 2 });
        var finding = Parity.Of(
            trained,
            (rnn, x, h_0) =>
            {
                var (output, h_n) = rnn.call(x, h_0);
                return (output.Times(1.01), h_n);
            },
            trained.Options
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldEndWith("of what is trained already the layers below the last are not seen");
    }

    [Test]
    public void Noise_in_training_alone_is_told_as_what_it_is()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) => rnn.call(rnn.training ? x.Plus(randn_like(x).Times(0.1)) : x, h_0),
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldContain("two calls with the same input give other numbers");
    }

    [Test]
    public void A_weight_that_Names_gives_another_name_is_told_so()
    {
        var names = new Dictionary<string, string> { ["bias_ih_l0"] = "bias_hh_l0" };
        Parity
            .Of(o => new ParameterRnn(o), sizes, new() { Names = names })
            .ToString()
            .ShouldContain("it has a parameter bias_ih_l0 (7), and Names says that nn.RNN's is bias_hh_l0");
    }

    [TestCase(10, 4_000_000L)]
    [TestCase(long.MaxValue, 4)]
    public void Sizes_that_do_not_fit_into_memory_are_one_sentence(long inputs, long units) =>
        Should
            .Throw<ArgumentException>(() => Parity.Of(o => new ParameterRnn(o), new(inputs, units)))
            .Message.ShouldEndWith("do not fit into memory");

    // a bound of bfloat16 is so wide that twice W_hh h can be what one and a half times is
    [Test]
    public void A_bound_that_is_as_wide_as_a_mistake_names_none()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                var (h, states) = (h_0[0], new List<Tensor>());
                foreach (var x_t in x.unbind(0))
                {
                    var z = nn.functional.linear(x_t, Of("weight_ih_l0"), Of("bias_ih_l0"));
                    var recurrent = h.mm(Of("weight_hh_l0").t()).Times(1.5);
                    states.Add(h = z.Plus(recurrent).Plus(Of("bias_hh_l0")).relu());
                }
                return (stack(states, 0), h.unsqueeze(0));

                Tensor Of(string name) => rnn.get_parameter(name)!;
            },
            new(10, 20, NonLinearity: NonLinearities.ReLU, Dtype: ScalarType.BFloat16)
        );
        finding.Evidence.ShouldBe(Evidence.Differs, finding.ToString());
        finding.ToString().ShouldNotContain("doubled");
        finding.ToString().ShouldContain("another function, whose name these bounds are too wide to tell");
    }

    [Test]
    public void Of_one_unit_as_well_weights_that_hide_a_mistake_are_named()
    {
        using var trained = new ParameterRnn(new(3, 1, Dtype: ScalarType.Float32));
        using (no_grad())
            trained.get_parameter("bias_hh_l0")!.zero_();
        Parity
            .Of(trained, (rnn, x, h_0) => rnn.call(x, h_0), new(3, 1))
            .Detail.ShouldContain(
                "; with one unit a transposed W_hh is the same; its weights cannot tell all mistakes: bias_hh_l0 is zero"
            );
    }

    [Test]
    public void A_message_that_begins_with_an_empty_line_is_told() =>
        Parity
            .Of(
                new RnnFactory("mine", _ => throw new InvalidOperationException("\n\nno weights\n")),
                RnnFactory.Rnn,
                new("", "", 2, 2, sizes)
            )
            .Explanation.ShouldNotBeNull()
            .ShouldEndWith("InvalidOperationException: no weights");

    // sign z · f(|z|), whose gradient at 0 is 0
    [Test]
    public void Another_slope_of_tanh_at_0_is_told_as_what_it_is()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                var (h, states) = (h_0[0], new List<Tensor>());
                foreach (var x_t in x.unbind(0))
                {
                    var z = OwnRnns.Inputs(rnn, x_t).Plus(OwnRnns.Recurrent(rnn, h));
                    z = z.Plus(rnn.get_parameter("bias_ih_l0")!).Plus(rnn.get_parameter("bias_hh_l0")!);
                    states.Add(h = z.sign().mul(z.abs().tanh()));
                }
                return (stack(states, 0), h.unsqueeze(0));
            },
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldEndWith("some sums are exactly 0 here, where the slope of nn.RNN's tanh is 1");
    }

    // the last state for the one before: the first step is right, so that no direction is wrong
    [Test]
    public void What_the_steps_before_refute_is_not_named()
    {
        var finding = Parity.Of(
            o => new ParameterRnn(o),
            (rnn, x, h_0) =>
            {
                if (x.size(0) != 2)
                    return rnn.call(x, h_0);
                var (first, _) = rnn.call(x.narrow(0, 0, 1), h_0);
                var (second, h_n) = rnn.call(x.narrow(0, 1, 1), zeros_like(h_0));
                return (cat([first, second], 0), h_n);
            },
            sizes
        );
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.ToString().ShouldNotContain("the direction is wrong");
    }
}
