using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Numerics;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>The rows of an output: which step of which sequence each is, and from which row it is computed.</summary>
[MutationOf("parity")]
public sealed class RowsTests
{
    // Two sequences of one and of three steps: packed, the longer one stands first.
    private static readonly RnnCase packed = new("", "", 3, 2, new(1, 1)) { Lengths = [1, 3], EnforceSorted = false };

    [Test]
    public void A_dense_output_has_a_row_a_step_and_sequence()
    {
        var rows = new Rows(packed with { Lengths = null });
        (rows.Count, rows.Batch).ShouldBe((6, 2));
        rows.Of(1, reverse: false).ShouldBe([1, 3, 5]);
        rows.Of(1, reverse: true).ShouldBe([5, 3, 1]);
        (rows.At(2, 1), rows.At(3, 1)).ShouldBe((5, -1));
        (rows.Time(4), rows.Sequence(5), rows.Name(5)).ShouldBe(((2, 3), 1, "step 2, row 1"));
        (rows.Previous(5, reverse: false), rows.Previous(1, reverse: false)).ShouldBe((3, -2));
        (rows.Previous(0, reverse: true), rows.Previous(4, reverse: true)).ShouldBe((2, -1));
        rows.Padding(Numbered()).Rows.ShouldBe(0);
    }

    [Test]
    public void A_packed_one_has_those_that_there_are()
    {
        var rows = new Rows(packed);
        rows.Count.ShouldBe(4);
        rows.Of(0, reverse: false).ShouldBe([1]);
        rows.Of(1, reverse: true).ShouldBe([3, 2, 0]);
        (rows.At(0, 0), rows.At(1, 0)).ShouldBe((1, -1));
        (rows.Time(1), rows.Time(3)).ShouldBe(((0, 1), (2, 3)));
        // step t of sequence b is 2t + b
        rows.Gather(Numbered()).Values.ShouldBe([1, 0, 3, 5]);
        rows.Padding(Numbered()).Values.ShouldBe([2, 4]);
    }

    [Test]
    public void At_each_turn_a_sequence_that_is_not_yet_done_is_computed()
    {
        var one = new Matrix([1], 1, 1);
        var layer = new RecordedLayer
        {
            Index = 0,
            Reverse = true,
            Slot = 0,
            Rows = new(packed),
            X = new(new double[4], 4, 1),
            W_ih = one,
            W_hh = one,
            H_0 = new([8, 9], 2, 1),
            Φ = Nonlinearity.Tanh,
            Rounding = new(ScalarType.Float32),
        };
        Enumerable
            .Range(0, 4)
            .Select(layer.Turn)
            .ShouldBe([
                [1, 3],
                [2],
                [0],
                [],
            ]);
        layer.Turns.ShouldBe(3);
    }

    private static Matrix Numbered() => new([0, 1, 2, 3, 4, 5], 6, 1);
}
