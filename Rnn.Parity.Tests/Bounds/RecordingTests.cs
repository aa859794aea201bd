using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Numerics;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>A recorded run as layers: what each is given, and what follows where its states were not recorded.</summary>
[MutationOf("parity")]
public sealed class RecordingTests
{
    private const int T = 3;
    private const int B = 2;
    private const int H = 2;
    private static readonly Rounding rounding = new(ScalarType.Float32);
    private static readonly RnnCase stack = new(
        "layers",
        "two of two directions",
        T,
        B,
        new(3, H, 2, Bidirectional: true)
    );

    [Test]
    public void Every_layer_has_its_own_part_of_the_case([Values] bool bias, [Values] bool withoutInitialState)
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = stack.Options with { Bias = bias }, WithoutInitialState = withoutInitialState };
        var (tensors, outputs) = (c.Draw(), Outputs());
        var layers = Recording.Of(c, tensors, outputs, rounding);
        layers.Count.ShouldBe(4);
        foreach (var (slot, layer) in layers.Index())
        {
            var (k, reverse) = (slot / 2, slot % 2 == 1);
            (layer.Index, layer.Reverse, layer.Slot).ShouldBe((k, reverse, slot));
            layer.Name.ShouldBe($"layer {k}, {(reverse ? "reverse" : "forward")}");
            var h_0 = tensors.H_0 is null ? new(new double[B * H], B, H) : Matrix.Of(tensors.H_0[slot]);
            Same(layer.H_0, h_0);
            Same(layer.X, Matrix.Of(k == 0 ? tensors.Input : outputs[0]));
            Same(layer.States!, Matrix.Of(outputs[k].narrow(-1, reverse ? H : 0, H)));
            Same(layer.W_ih, Matrix.Of(tensors.Weights[$"weight_ih_{layer.Suffix}"]));
            Same(layer.W_hh, Matrix.Of(tensors.Weights[$"weight_hh_{layer.Suffix}"]));
            layer.B_ih.ShouldBe(bias ? Matrix.Of(tensors.Weights[$"bias_ih_{layer.Suffix}"]).Values : null);
            layer.B_hh.ShouldBe(bias ? Matrix.Of(tensors.Weights[$"bias_hh_{layer.Suffix}"]).Values : null);
            (layer.XRadius, layer.XErrors, layer.Mask).ShouldBe((null, null, null));
            layer.Enclosures.ShouldBe(StateBounds.Of(layer.At(All)));
        }
    }

    [Test]
    public void The_layer_above_one_that_was_not_recorded_reads_it_with_its_errors()
    {
        using var scope = NewDisposeScope();
        var layers = Recording.Of(stack, stack.Draw(), [Outputs()[1]], rounding);
        layers.Select(layer => layer.States is null).ShouldBe([true, true, false, false]);
        foreach (var above in layers[2..])
        {
            Same(above.X, Matrix.Beside([layers[0].Known.Value, layers[1].Known.Value]));
            Same(above.XRadius!, Matrix.Beside([layers[0].Known.Bound, layers[1].Known.Bound]));
            above.XErrors!.Count.ShouldBe(2);
        }
    }

    [Test]
    public void Taken_as_if_they_were_the_runs_such_states_have_no_errors()
    {
        using var scope = NewDisposeScope();
        var tensors = stack.Draw();
        var layers = new Recording(stack, tensors, rounding, tanhError: 0).Layers(
            [Outputs()[1]],
            (_, _) => null,
            carried: false
        )!;
        foreach (var layer in layers[..2])
        {
            // each from the state that was computed before it
            var states = layer.Known.Value;
            layer.Enclosures.ShouldBe(StateBounds.Of((layer with { States = states }).At(All)));
        }
        foreach (var above in layers[2..])
            (above.XRadius, above.XErrors).ShouldBe((null, null));
    }

    [TestCase(0)]
    [TestCase(2)]
    public void Steps_that_are_others_take_the_place_of_the_equations(int changed)
    {
        using var scope = NewDisposeScope();
        var layers = Changed(Doubled);
        var plain = Changed((_, _) => null);
        foreach (var (slot, (one, other)) in layers.Zip(plain).Index().Take(changed == 0 ? 2 : 4))
            one.Enclosures.SequenceEqual(other.Enclosures).ShouldBe(slot != changed);

        Steps? Doubled(RecordedLayer layer, IReadOnlyList<int> rows) =>
            layer.Slot == changed && layer.At(rows) is var s ? s with { W_ih = s.W_ih.Map(w => 2 * w) } : null;

        List<RecordedLayer> Changed(Func<RecordedLayer, IReadOnlyList<int>, Steps?> change) =>
            new Recording(stack, stack.Draw(), rounding, tanhError: 0).Layers([Outputs()[1]], change, carried: false)!;
    }

    [Test]
    public void What_is_added_after_the_nonlinearity_is_not_carried_through_a_layer_that_was_not_recorded()
    {
        using var scope = NewDisposeScope();
        var tensors = stack.Draw();
        new Recording(stack, tensors, rounding, tanhError: 0)
            .Layers([Outputs()[1]], After, carried: true)
            .ShouldBeNull();
        new Recording(stack, tensors, rounding, tanhError: 0).Layers(Outputs(), After, carried: true).ShouldNotBeNull();

        static Steps? After(RecordedLayer layer, IReadOnlyList<int> rows) =>
            layer.At(rows) is var s ? s with { After = s.H } : null;
    }

    [Test]
    public void Another_step_of_a_layer_reads_what_it_is_told_to()
    {
        using var scope = NewDisposeScope();
        var layer = Recording.Of(stack, stack.Draw(), [Outputs()[1]], rounding)[2];
        // x of the row before, which for the first has none; the state of the row after
        int[] rows = [0, 2];
        var steps = layer.At(rows, x: row => row - 1, h: row => row + 1);
        steps.X.Row(0).ToArray().ShouldBe(new double[2 * H]);
        steps.X.Row(1).ToArray().ShouldBe(layer.X.Row(1).ToArray());
        steps.XRadius!.Row(1).ToArray().ShouldBe(layer.XRadius!.Row(1).ToArray());
        foreach (var (errors, all) in steps.XErrors!.Zip(layer.XErrors!))
        {
            errors[0].Radius().ShouldBe(new double[H]);
            errors[1].ShouldBeSameAs(all[1]);
        }
        layer.At([1], x: _ => 0).XErrors![1][0].ShouldBeSameAs(layer.XErrors![1][0]);
        Same(steps.H, layer.States!.Gather([1, 3]));
        steps.HRows.ShouldBe([1, 3]);
    }

    [Test]
    public void One_direction_has_one_layer()
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = stack.Options with { Bidirectional = false } };
        Recording
            .Of(c, c.Draw(), [Outputs()[1].narrow(-1, 0, H)], rounding)
            .Select(layer => layer.Name)
            .ShouldBe(["layer 0, forward", "layer 1, forward"]);
    }

    // h_t = relu(x + h_{t−1}) = 2, 3, 4, each off by as many units as it is large, and by what those before are off
    [Test]
    public void An_error_is_carried_from_each_state_to_the_next()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("carried", "ones", 3, 1, new(1, 1, 2, NonLinearities.ReLU, Bias: false));
        var drawn = c.Draw();
        var tensors = drawn with
        {
            Weights = drawn.Weights.ToDictionary(w => w.Key, w => ones_like(w.Value)),
            Input = ones_like(drawn.Input),
            H_0 = ones_like(drawn.H_0!),
        };
        var below = Recording.Of(c, tensors, [ones(3, 1, 1)], rounding)[0].Enclosures;
        below.Select(e => e.Value.High).ShouldBe([2, 3, 4]);
        // and by a unit of the errors themselves, 1 + 5/2 + 9/2
        below.Select(e => e.Bound / below[0].Bound).ShouldBe([1, 5.0 / 2, 9.0 / 2], 8 * Math.ScaleB(1, -24));
    }

    [Test]
    public void What_dropout_leaves_is_read_with_its_mask_and_the_errors_of_each_direction()
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = stack.Options with { Dropout = 0.5 } };
        var layers = Recording.Of(c, c.Draw(), [Outputs()[1]], rounding);
        var (below, mask) = (Matrix.Beside([layers[0].Known.Value, layers[1].Known.Value]), Masks.Of(c)[0]!);
        foreach (var above in layers[2..])
        {
            Same(above.Mask!, mask);
            above.X.Values.ShouldBe(below.Values.Zip(mask.Values, (x, m) => x * m));
            for (var row = 0; row < T * B; row++)
                above
                    .XErrors!.SelectMany(errors => errors[row].Radius())
                    .Zip(above.XRadius!.Row(row).ToArray(), (signed, radius) => signed - radius)
                    .ShouldAllBe(difference => Math.Abs(difference) < 1e-10);
        }
    }

    [Test]
    public void Dropout_of_packed_sequences_has_a_mask_a_row()
    {
        using var scope = NewDisposeScope();
        var c = stack with { Lengths = [3, 1], Options = stack.Options with { Dropout = 0.5 } };
        var mask = Masks.Of(c).ShouldHaveSingleItem().ShouldNotBeNull();
        (mask.Rows, mask.Columns).ShouldBe((4, 2 * H));
        Masks.Of(c with { Lengths = null })[0]!.Rows.ShouldBe(T * B);
        Masks.Of(c with { Evaluation = true }).ShouldBe([null]);
    }

    private static int[] All => [.. Enumerable.Range(0, T * B)];

    // each layer's output, of numbers that are no states of this case
    private static List<Tensor> Outputs() => [Output(0.01f), Output(0.02f)];

    private static Tensor Output(float unit) =>
        tensor(Enumerable.Range(0, T * B * 2 * H).Select(i => unit * i).ToArray()).view(T, B, 2 * H);

    private static void Same(Matrix a, Matrix b)
    {
        (a.Rows, a.Columns).ShouldBe((b.Rows, b.Columns));
        a.Values.ShouldBe(b.Values);
    }
}
