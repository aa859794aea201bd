using NUnit.Framework;
using Rnn.Parity.Comparison;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Comparison;

/// <summary>The comparison, put to the test itself.</summary>
[TestFixture(ScalarType.Float32)]
[TestFixture(ScalarType.Float64)]
[TestFixture(ScalarType.Float16)]
[TestFixture(ScalarType.BFloat16)]
[MutationOf("parity")]
public sealed class ComparisonTests(ScalarType dtype)
{
    [Test]
    public void The_same_bits_are_identical()
    {
        using var scope = NewDisposeScope();
        TensorComparison.Compare("x", Values(0.5, -3, 0), Values(0.5, -3, 0)).ShouldBeNull();
    }

    [Test]
    public void One_flipped_bit_is_found_at_its_place([Range(0, 23)] int place)
    {
        using var scope = NewDisposeScope();
        var expected = Values([.. Enumerable.Range(1, 24)]).view(2, 3, 4);
        var actual = expected.clone();
        actual.bytes[place * (int)actual.ElementSize] ^= 1;

        var difference = TensorComparison.Compare("x", actual, expected).ShouldNotBeNull();

        difference.Count.ShouldBe(1);
        difference.Total.ShouldBe(24);
        difference.Worst.ShouldNotBeNull().Index.ShouldBe([place / 12, place / 4 % 3, place % 4]);
        difference.Worst.Ulp.ShouldBe(1ul);
    }

    [Test]
    public void The_worst_element_is_the_farthest_and_the_first_is_the_earliest()
    {
        using var scope = NewDisposeScope();
        var difference = TensorComparison.Compare("x", Values(1, 2, 3, 4), Values(1, 2.5, 7, 4)).ShouldNotBeNull();
        difference.Count.ShouldBe(2);
        difference.Worst!.Index.ShouldBe([2L]);
    }

    [Test]
    public void Not_a_number_is_identical_to_itself_and_differs_from_every_number()
    {
        using var scope = NewDisposeScope();
        TensorComparison.Compare("x", Values(double.NaN), Values(double.NaN)).ShouldBeNull();

        var difference = TensorComparison.Compare("x", Values(1, double.NaN), Values(9, 0)).ShouldNotBeNull();
        difference.Worst!.Index.ShouldBe([1L]);
        difference.Worst.Distance.ShouldBe(double.PositiveInfinity);
        difference.Worst.Ulp.ShouldBeNull();
    }

    [Test]
    public void Equal_infinities_are_identical_and_opposite_ones_are_not()
    {
        using var scope = NewDisposeScope();
        var infinities = Values(double.PositiveInfinity, double.NegativeInfinity);
        TensorComparison.Compare("x", infinities, infinities.clone()).ShouldBeNull();
        TensorComparison.Compare("x", infinities, -infinities).ShouldNotBeNull().Count.ShouldBe(2);
    }

    [Test]
    public void What_is_not_a_number_on_both_sides_is_nearer_than_any_two_numbers()
    {
        using var scope = NewDisposeScope();
        var (actual, expected) = (Values(double.NaN, 1), Values(double.NaN, 2));
        actual.bytes[0] ^= 1;
        var difference = TensorComparison.Compare("x", actual, expected).ShouldNotBeNull();
        difference.Count.ShouldBe(2);
        difference.Worst!.Index.ShouldBe([1L]);
    }

    [Test]
    public void Zeros_of_either_sign_differ_by_no_ULP()
    {
        using var scope = NewDisposeScope();
        var difference = TensorComparison.Compare("x", Values(-0.0), Values(0.0)).ShouldNotBeNull();
        difference.Worst!.Ulp.ShouldBe(0ul);
        difference.Worst.Distance.ShouldBe(0);
    }

    [Test]
    public void The_smallest_numbers_on_both_sides_of_zero_are_two_ULP_apart()
    {
        using var scope = NewDisposeScope();
        var (actual, expected) = (Values(0.0), Values(-0.0));
        actual.bytes[0] = 1;
        expected.bytes[0] = 1;
        TensorComparison.Compare("x", actual, expected).ShouldNotBeNull().Worst!.Ulp.ShouldBe(2ul);
    }

    [Test]
    public void Empty_tensors_of_one_shape_are_identical()
    {
        using var scope = NewDisposeScope();
        TensorComparison.Compare("x", zeros(0, 3, dtype), zeros(0, 3, dtype)).ShouldBeNull();
        TensorComparison.Compare("x", zeros(0, 3, dtype), zeros(3, 0, dtype)).ShouldNotBeNull();
    }

    [Test]
    public void Another_shape_is_a_sentence()
    {
        using var scope = NewDisposeScope();
        TensorComparison
            .Compare("x", zeros(2, 3, dtype), zeros(3, 2, dtype))
            .ShouldNotBeNull()
            .Mismatch.ShouldBe("is (2, 3), (3, 2) is expected");
    }

    [Test]
    public void Another_type_is_a_sentence()
    {
        using var scope = NewDisposeScope();
        var other = dtype == ScalarType.Float32 ? ScalarType.Float64 : ScalarType.Float32;
        TensorComparison
            .Compare("x", zeros(2, dtype), zeros(2, other))
            .ShouldNotBeNull()
            .Mismatch.ShouldBe($"is {dtype}, {other} is expected");
    }

    [Test]
    public void Tensors_that_are_not_contiguous_are_compared_by_index()
    {
        using var scope = NewDisposeScope();
        var matrix = Values([.. Enumerable.Range(0, 6)]).view(2, 3);
        TensorComparison.Compare("x", matrix.t().contiguous(), matrix.t()).ShouldBeNull();
        TensorComparison.Compare("x", matrix.t(), matrix.view(3, 2)).ShouldNotBeNull().Count.ShouldBe(4);
    }

    [Test]
    public void Null_is_refused()
    {
        using var scope = NewDisposeScope();
        Should
            .Throw<ArgumentNullException>(() => TensorComparison.Compare("h", null!, zeros(1)))
            .ParamName.ShouldBe("actual");
        Should
            .Throw<ArgumentNullException>(() => TensorComparison.Compare("h", zeros(1), null!))
            .ParamName.ShouldBe("expected");
    }

    [Test]
    public void Of_elements_that_are_equally_far_the_first_is_the_worst()
    {
        using var scope = NewDisposeScope();
        var difference = TensorComparison.Compare("h", Values(1, 2, 3), Values(1, 1, 2))!;
        difference.Worst!.Index.ShouldBe([1]);
    }

    [Test]
    public void Integers_are_refused()
    {
        using var scope = NewDisposeScope();
        var integers = zeros(2, ScalarType.Int64);
        Should
            .Throw<ArgumentException>(() => TensorComparison.Compare("x", integers, integers))
            .Message.ShouldBe("dtype is Int64, a floating-point type is expected");
    }

    private Tensor Values(params double[] values) => tensor(values).type(dtype);
}
