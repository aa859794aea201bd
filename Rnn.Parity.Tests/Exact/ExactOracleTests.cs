using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using Rnn.Parity.Tests.Oracles;
using Rnn.Parity.Tests.Scratch;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Exact;

/// <summary>
/// The oracle of integers: right where a hand can follow, and silent where something could round, which are the hypotheses of
/// theorems 1 to 3 of docs/exact.md.
/// </summary>
public sealed class ExactOracleTests
{
    private static readonly RnnCase oneUnit = Case(2, 1, ScalarType.Float32);

    [Test]
    public void Two_steps_of_one_unit_are_what_a_hand_computes()
    {
        using var scope = NewDisposeScope();
        // a_1 = 2·1 + 1 + 3·1 − 2 = 4, a_2 = 2·2 + 1 + 3·4 − 2 = 15; a_bar_2 = 1 + 2 = 3, a_bar_1 = 1 + 3·3 = 10
        var exact = IntegerOracle.Of(oneUnit, Tensors([1, 2], W_ih: [2]));
        Value("output").ShouldBe([4, 15]);
        Value("h_n").ShouldBe([15]);
        Value("grad.input").ShouldBe([20, 6]);
        Value("grad.h_0").ShouldBe([30]);
        Value("grad.weight_ih_l0").ShouldBe([16]);
        Value("grad.weight_hh_l0").ShouldBe([22]);
        Value("grad.bias_ih_l0").ShouldBe([13]);
        Value("grad.bias_hh_l0").ShouldBe([13]);
        exact.Count.ShouldBe(8);

        double[] Value(string name) => BackwardPassTests.Values(exact[name]);
    }

    [Test]
    public void A_unit_whose_argument_is_zero_passes_nothing_on()
    {
        using var scope = NewDisposeScope();
        // a_1 = 5·0 + 1 + 3·1 − 2 = 2, a_2 = 5·(−1) + 1 + 3·2 − 2 = 0; a_bar_2 = 0, a_bar_1 = 1
        var exact = IntegerOracle.Of(oneUnit, Tensors([0, -1], W_ih: [5]));
        BackwardPassTests.Values(exact["output"]).ShouldBe([2, 0]);
        BackwardPassTests.Values(exact["grad.h_0"]).ShouldBe([3]);
    }

    /// <summary>cuDNN's relu'(0) is 1: docs/cuda.md.</summary>
    [Test]
    public void Or_all_of_it_where_the_slope_there_is_1()
    {
        using var scope = NewDisposeScope();
        // the same, and a_bar_2 = 3, a_bar_1 = 1 + 3·3 = 10
        var exact = IntegerOracle.Of(oneUnit, Tensors([0, -1], W_ih: [5]), reluSlopeAtZero: 1);
        BackwardPassTests.Values(exact["output"]).ShouldBe([2, 0]);
        BackwardPassTests.Values(exact["grad.h_0"]).ShouldBe([30]);
    }

    [Test]
    public void A_sum_that_some_order_rounds_is_refused_though_its_value_is_small()
    {
        using var scope = NewDisposeScope();
        const double large = 1 << 24;
        var tensors = Tensors([large, 1, -large], W_ih: [1, 1, 1], gradient: 0);
        IntegerOracle
            .Refuses(Case(1, 3, ScalarType.Float32), tensors)
            .ShouldBe(
                "the terms of a at [0, 0, 0] of l0 have magnitudes that add up to 33554439, at most 2^24 is exact in Float32"
            );
        IntegerOracle.Refuses(Case(1, 3, ScalarType.Float64), tensors).ShouldBeNull();
        ((float)large + 1f - (float)large).ShouldBe(0f);
    }

    [Test]
    public void The_greatest_exact_integer_is_accepted_and_the_next_is_not()
    {
        using var scope = NewDisposeScope();
        foreach (var (dtype, bits) in new[] { (ScalarType.Float32, 24), (ScalarType.Float64, 53) })
        {
            // the other terms of a_1 have magnitudes 1 + 3 + 2
            var greatest = Math.ScaleB(1, bits) - 6;
            IntegerOracle.Refuses(Case(1, 1, dtype), Tensors([greatest], W_ih: [1], gradient: 0)).ShouldBeNull();
            IntegerOracle.Refuses(Case(1, 1, dtype), Tensors([greatest + 1], W_ih: [1], gradient: 0)).ShouldNotBeNull();
        }
    }

    [Test]
    public void What_is_no_integer_and_tanh_where_it_rounds_are_refused()
    {
        using var scope = NewDisposeScope();
        Should
            .Throw<ArgumentException>(() => IntegerOracle.Of(oneUnit, Tensors([1, 0.5], W_ih: [2])))
            .Message.ShouldBe("the case contains 0.5, the oracle expects integers");
        var tanh = oneUnit with { Options = oneUnit.Options with { NonLinearity = NonLinearities.Tanh } };
        Should
            .Throw<ArgumentException>(() => IntegerOracle.Of(tanh, Tensors([1, 2], W_ih: [2])))
            .Message.ShouldBe(
                "a at [0, 0, 0] of l0 is 4, where tanh is not exact; 0 or at least 16 in magnitude is expected"
            );
    }

    [Test]
    public void A_case_that_could_round_has_no_oracle()
    {
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => IntegerOracle.Of(oneUnit, Tensors([1 << 23, 1 << 23], W_ih: [2])));
    }

    [Test]
    public void A_bound_that_cannot_tell_the_side_of_the_kink_is_refused()
    {
        using var scope = NewDisposeScope();
        // 0.1 + 0.2 − 0.3 is 0 up to rounding
        var tensors = Tensors([0.1, 0.2, -0.3], W_ih: [1, 1, 1], bias: 0, h_0: 0);
        Should
            .Throw<ArgumentException>(() => GradientBounds.Of(Case(1, 3, ScalarType.Float64), tensors))
            .Message.ShouldEndWith("whether it is positive is open");
    }

    private static RnnCase Case(long T, long I, ScalarType dtype) =>
        new("oracle", "one unit", T, 1, new RnnOptions(I, 1, 1, NonLinearities.ReLU, Dtype: dtype));

    private static CaseTensors Tensors(
        double[] x,
        double[] W_ih,
        double bias = 1,
        double h_0 = 1,
        double gradient = 1
    ) =>
        new(
            new Dictionary<string, Tensor>
            {
                ["weight_ih_l0"] = tensor(W_ih, [1, W_ih.Length]),
                ["weight_hh_l0"] = tensor(new double[] { 3 }, [1, 1]),
                ["bias_ih_l0"] = tensor(new[] { bias }),
                ["bias_hh_l0"] = tensor(new[] { -2 * bias }),
            },
            tensor(x, [x.Length / W_ih.Length, 1, W_ih.Length]),
            tensor(new[] { h_0 }, [1, 1, 1]),
            ones(x.Length / W_ih.Length, 1, 1, ScalarType.Float64).Times(gradient),
            ones(1, 1, 1, ScalarType.Float64).Times(2 * gradient)
        );
}
