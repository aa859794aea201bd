using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using Rnn.Parity.Numerics;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>Theorems 1 to 4 of docs/certified.md: the bounds that a run is judged by are theirs, neither wider nor tighter.</summary>
[MutationOf("parity")]
public sealed partial class TheoremTests
{
    private const int T = 3;
    private const int B = 2;
    internal const int I = 3;
    internal const int H = 2;
    private static readonly int[] slots = [0, 1, 2, 3];

    [Test]
    public void Every_bound_is_that_of_its_theorem(
        [Values] NonLinearities φ,
        [Values] bool bias,
        [Values("output", "layers", "adjoints")] string recorded,
        [Values(ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16)] ScalarType dtype
    )
    {
        using var scope = NewDisposeScope();
        var c = Case(new(I, H, 2, φ, bias, Bidirectional: true, Dtype: dtype));
        var tensors = c.Draw();
        Follows(c, tensors, TracedByHand.Of(RnnFactory.Implementations[0], c, tensors), recorded);
    }

    internal static RnnCase Case(RnnOptions options) => new("theorems", "both directions of two layers", T, B, options);

    internal static void Follows(RnnCase c, CaseTensors tensors, TracedRun run, string recorded)
    {
        var dtype = c.Dtype;
        var outputs = recorded == "output" ? [run.Quantities["output"]] : run.Inner.Outputs;
        var layers = Recording.Of(c, tensors, outputs, new Rounding(dtype));
        var (given, mask) = (CaseArrays.Of(c, tensors), Masks.Of(c)[0]);
        var states = States(layers, given["input"], mask, layer => Page(layer, dtype));
        var h_bars = recorded == "adjoints" ? run.Inner.Adjoints!.Select(Matrix.Of).ToList() : null;
        var rounding = new Rounding(dtype, null, Rounding.Binary64);
        Gradients(
            given,
            layers,
            states,
            mask,
            h_bars,
            RecordedGradients.Of(c, tensors, layers, h_bars, rounding),
            layer => Page(layer, dtype)
        );
    }

    /// <summary>Theorem 1, where tanh is good absolutely alone: 8u for 2σ(2x) − 1, and none for relu.</summary>
    [Test]
    public void An_absolute_error_of_tanh_is_added([Values] NonLinearities φ)
    {
        using var scope = NewDisposeScope();
        var c = Case(new(I, H, 2, φ, Bidirectional: true));
        var tensors = c.Draw();
        var error = TanhAccuracy.Absolute("ONNX Runtime 1.22.0");
        (TanhAccuracy.Absolute("my port, checked against ONNX Runtime 1"), TanhAccuracy.Absolute("onnx")).ShouldBe(
            (0, 0)
        );
        var outputs = TracedByHand.Of(RnnFactory.Implementations[0], c, tensors).Inner.Outputs;
        var layers = Recording.Of(c, tensors, outputs, new Rounding(ScalarType.Float32), error);
        States(layers, CaseArrays.Of(c, tensors)["input"], null, layer => Page(layer, ScalarType.Float32, 8));
    }

    /// <summary>Theorem 2, where a layer that was not recorded reads another: to its own errors come those from below.</summary>
    [Test]
    public void Errors_from_below_are_carried_through_a_layer()
    {
        using var scope = NewDisposeScope();
        // h_t = relu(x_t), three times, and every layer rounds alike
        var c = new RnnCase("theorems-deep", "three layers", 1, 1, new(1, 1, 3, NonLinearities.ReLU, Bias: false))
        {
            Refine = t =>
                t with
                {
                    Weights = t.Weights.ToDictionary(
                        w => w.Key,
                        w =>
                            w.Key.StartsWith("weight_ih", StringComparison.Ordinal)
                                ? ones_like(w.Value)
                                : zeros_like(w.Value)
                    ),
                    Input = ones(1, 1, 1),
                    H_0 = zeros(3, 1, 1),
                },
        };
        var layers = Recording.Of(c, c.Draw(), [ones(1, 1, 1)], new Rounding(ScalarType.Float32));
        double[] bounds = [.. layers.Select(l => l.Enclosures.Single().Bound)];
        // a layer rounds the errors from below as it rounds 1, by bounds[0] of them and less than as much again
        bounds[1].ShouldBe(2 * bounds[0], 2 * bounds[0] * bounds[0]);
        bounds[2].ShouldBe(3 * bounds[0], 6 * bounds[0] * bounds[0]);
    }

    private static Theorems Page(RecordedLayer layer, ScalarType dtype, int absolute = 0) =>
        dtype switch
        {
            ScalarType.Float64 => new(layer, Math.ScaleB(1, -53), Math.ScaleB(1, -1022), 0, absolute),
            ScalarType.Float32 => new(layer, Math.ScaleB(1, -24), Math.ScaleB(1, -126), 0, absolute),
            _ => new(layer, Math.ScaleB(1, -8), Math.ScaleB(1, -126), 3, absolute),
        };

    // The states by layer and direction, and how far the run's own can be from them.
    private static List<Table> States(
        List<RecordedLayer> layers,
        double[,,] input,
        Matrix? mask,
        Func<RecordedLayer, Theorems> page
    )
    {
        var tables = new List<Table>();
        foreach (var slot in slots)
        {
            var layer = layers[slot];
            var theorems = page(layer);
            var (x, states) = (Read(slot, tables, input, mask, theorems), new Table(H));
            foreach (var (t, b) in Sequences(slot))
            {
                var (h, before) = (Before(slot, t, b, layer, states).h, Before(slot, t, b, states));
                var (ofInput, ofState) = (new Errors(), new Errors());
                for (var d = 0; d < 2; d++)
                    x.Errors[t, b, d]?.Through(H, (i, k) => layer.W_ih[i, d * H + k], ofInput);
                before?.Through(H, (i, k) => layer.W_hh[i, k], ofState);
                var (slopes, fresh) = (new double[H], new double[H]);
                for (var i = 0; i < H; i++)
                {
                    var e = layer.Enclosures[(t * B + b) * H + i];
                    var (ρ_x, ρ) = (ofInput.Radius(i), ofState.Radius(i));
                    var μ =
                        Theorems.Σ(x.Width, k => Math.Abs(layer.W_ih[i, k]) * x.Bound[t, b, k])
                        + Theorems.Σ(H, k => Math.Abs(layer.W_hh[i, k]) * (before?.Radius(k) ?? 0));
                    if (layer.States is { } own)
                    {
                        var (value, bound) = theorems.State(i, k => x.Value[t, b, k], h, ρ_x, μ);
                        Is(e.Value.High, value);
                        Is(e.Bound, bound);
                        states.Value[t, b, i] = own[t * B + b, i];
                        continue;
                    }
                    (states.Value[t, b, i], slopes[i], fresh[i]) = theorems.Linear(
                        i,
                        k => x.Value[t, b, k],
                        h,
                        ρ,
                        ρ_x,
                        μ
                    );
                    Is(e.Value.High, states.Value[t, b, i]);
                    fresh[i] += Math.Abs(e.Value.Low);
                }
                if (layer.States is not null)
                    continue;
                var errors = ofState.Step($"{slot} {t} {b}", slopes, fresh);
                states.Errors[t, b, 0] = errors;
                for (var i = 0; i < H; i++)
                {
                    var e = layer.Enclosures[(t * B + b) * H + i];
                    Is(e.Bound, (errors.Radius(i) + Math.Abs(e.Value.Low)) * (1 + Math.ScaleB(1, -20)));
                    states.Bound[t, b, i] = e.Bound + Math.Abs(e.Value.Low);
                }
            }
            tables.Add(states);
        }
        return tables;
    }

    // What a layer reads: the input, or the directions of the layer below side by side, through the mask.
    private static Table Read(int slot, List<Table> below, double[,,] input, Matrix? mask, Theorems theorems)
    {
        if (slot < 2)
            return new(I) { Value = input };
        var x = new Table(2 * H);
        foreach (var (t, b) in Sequences(0))
        {
            for (var k = 0; k < 2 * H; k++)
            {
                var (h, r) = (below[k / H].Value[t, b, k % H], below[k / H].Bound[t, b, k % H]);
                (x.Value[t, b, k], x.Bound[t, b, k]) = mask is null
                    ? (h, r)
                    : theorems.Dropped(h, r, mask[t * B + b, k]);
            }
            for (var d = 0; d < 2; d++)
            {
                x.Errors[t, b, d] = below[d].Errors[t, b, 0];
                if (mask is null)
                    continue;
                double Fresh(int k) => x.Bound[t, b, k] - below[d].Bound[t, b, k % H] * mask[t * B + b, k];
                double[] slopes = [.. Enumerable.Range(d * H, H).Select(k => mask[t * B + b, k])];
                double[] fresh = [.. Enumerable.Range(d * H, H).Select(Fresh)];
                x.Errors[t, b, d] = (x.Errors[t, b, d] ?? []).Step($"dropout {t} {b} {d}", slopes, fresh);
            }
        }
        return x;
    }

    private static (Theorems.Vector h, Theorems.Vector r_h) Before(int slot, int t, int b, RecordedLayer layer, Table h)
    {
        var previous = slot % 2 == 0 ? t - 1 : t + 1;
        return previous is < 0 or T
            ? (i => layer.H_0[b, i], _ => 0)
            : (i => h.Value[previous, b, i], i => h.Bound[previous, b, i]);
    }

    private static Errors? Before(int slot, int t, int b, Table states) =>
        (slot % 2 == 0 ? t - 1 : t + 1) is >= 0 and < T and var previous ? states.Errors[previous, b, 0] : null;

    private static int[] Steps(int slot) => slot % 2 == 0 ? [0, 1, 2] : [2, 1, 0];

    private static IEnumerable<(int t, int b)> Sequences(int slot) =>
        from t in Steps(slot)
        from b in Enumerable.Range(0, B)
        select (t, b);

    private static void Is(Bounded gradient, int row, int column, double value, double bound)
    {
        Is(gradient.Value[row, column], value);
        Is(gradient.Bound[row, column], bound);
    }

    // Fewer than 2¹⁰ roundings of float64, and 2⁻⁵³ of a state that a bound of 2⁻²⁴ of it also takes in.
    private static void Is(double actual, double expected) =>
        actual.ShouldBeInRange(
            expected - Math.Abs(expected) * Math.ScaleB(1, -26),
            expected + Math.Abs(expected) * Math.ScaleB(1, -26)
        );

    // A sequence, (T, B, width), and how far the run's own can be from it.
    private sealed record Table(int Width)
    {
        public double[,,] Value { get; init; } = new double[T, B, Width];

        public double[,,] Bound { get; } = new double[T, B, Width];

        // With their signs, by direction.
        public Errors?[,,] Errors { get; } = new Errors?[T, B, 2];

        public double Magnitude(int t, int b, int i) => Math.Abs(Value[t, b, i]) + Bound[t, b, i];
    }
}
