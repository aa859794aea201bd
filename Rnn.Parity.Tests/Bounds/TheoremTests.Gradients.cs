using Rnn.Parity.Bounds;
using Rnn.Parity.Numerics;
using Shouldly;
using static Rnn.Parity.Tests.Bounds.Theorems;

namespace Rnn.Parity.Tests.Bounds;

public sealed partial class TheoremTests
{
    // Theorems 3 and 4: adjoints from the last layer down, and the sums that are made of them.
    private static void Gradients(
        Dictionary<string, double[,,]> given,
        List<RecordedLayer> layers,
        List<Table> states,
        Matrix? mask,
        List<Matrix>? h_bars,
        Dictionary<string, Bounded> gradients,
        Func<RecordedLayer, Theorems> page
    )
    {
        var y_bar = new Table(2 * H) { Value = given["grad_output"] };
        foreach (var k in new[] { 1, 0 })
        {
            var x = Read(2 * k, states, given["input"], mask, page(layers[2 * k]));
            var x_bar = new Table(x.Width);
            var magnitude = new Table(x.Width);
            foreach (var d in new[] { 0, 1 })
            {
                var slot = 2 * k + d;
                var (layer, own) = (layers[slot], h_bars?[slot]);
                var (a_bar, before) = (new Table(H), new Table(H));
                for (var b = 0; b < B; b++)
                {
                    var (steps, h_0) = page(layer)
                        .Adjoints(
                            Steps(slot),
                            (t, i) => states[slot].Value[t, b, i],
                            (t, i) => states[slot].Bound[t, b, i],
                            (t, i) => y_bar.Value[t, b, d * H + i],
                            (t, i) => y_bar.Bound[t, b, d * H + i],
                            i => given["grad_h_n"][slot, b, i],
                            own is null ? null : (t, i) => own[t * B + b, i]
                        );
                    foreach (var (t, h_bar, h_barBound, a, aBound) in steps)
                    {
                        var (h, r_h) = Before(slot, t, b, layer, states[slot]);
                        for (var i = 0; i < H; i++)
                        {
                            Is(gradients[$"adjoint.{layer.Suffix}"], t * B + b, i, h_bar[i], h_barBound[i]);
                            (a_bar.Value[t, b, i], a_bar.Bound[t, b, i]) = (a[i], aBound[i]);
                            (before.Value[t, b, i], before.Bound[t, b, i]) = (h(i), r_h(i));
                        }
                    }
                    for (var i = 0; i < H; i++)
                        Is(gradients["grad.h_0"], slot * B + b, i, h_0[i].value, h_0[i].bound);
                }
                Sums($"grad.weight_ih_{layer.Suffix}", a_bar, x);
                Sums($"grad.weight_hh_{layer.Suffix}", a_bar, before);
                if (layer.B_ih is not null)
                    foreach (var name in new[] { "ih", "hh" })
                        Sums($"grad.bias_{name}_{layer.Suffix}", a_bar, null);
                foreach (var (t, b) in Sequences(slot))
                    for (var j = 0; j < x.Width; j++)
                    {
                        x_bar.Value[t, b, j] += Σ(H, i => layer.W_ih[i, j] * a_bar.Value[t, b, i]);
                        x_bar.Bound[t, b, j] += Σ(H, i => Math.Abs(layer.W_ih[i, j]) * a_bar.Bound[t, b, i]);
                        magnitude.Value[t, b, j] += Σ(H, i => Math.Abs(layer.W_ih[i, j]) * a_bar.Magnitude(t, b, i));
                    }
            }
            foreach (var (t, b) in Sequences(0))
                for (var j = 0; j < x.Width; j++)
                {
                    x_bar.Bound[t, b, j] += page(layers[0]).Sum(2 * H, magnitude.Value[t, b, j]);
                    if (k == 0 || mask is null)
                        continue;
                    // (x ∘ m)¯ ∘ m, one product
                    var m = mask[t * B + b, j];
                    var rounded = page(layers[0]).Sum(1, x_bar.Magnitude(t, b, j) * m);
                    x_bar.Value[t, b, j] *= m;
                    x_bar.Bound[t, b, j] = x_bar.Bound[t, b, j] * m + rounded;
                }
            y_bar = x_bar;
        }
        foreach (var (t, b) in Sequences(0))
            for (var j = 0; j < I; j++)
                Is(gradients["grad.input"], t * B + b, j, y_bar.Value[t, b, j], y_bar.Bound[t, b, j]);

        var stacked = gradients["grad.h_0"];
        (stacked.Value.Rows, stacked.Bound.Rows).ShouldBe((slots.Length * B, slots.Length * B));

        // W̄ = Σ ā vᵀ, and b̄ = Σ ā where v is null
        void Sums(string name, Table a, Table? v)
        {
            for (var i = 0; i < H; i++)
            for (var j = 0; j < (v?.Width ?? 1); j++)
            {
                var (value, bound, m) = (0.0, 0.0, 0.0);
                foreach (var (t, b) in Sequences(0))
                {
                    var (own, r) = (v?.Value[t, b, j] ?? 1, v?.Bound[t, b, j] ?? 0);
                    value += a.Value[t, b, i] * own;
                    bound += a.Bound[t, b, i] * (Math.Abs(own) + r) + Math.Abs(a.Value[t, b, i]) * r;
                    m += a.Magnitude(t, b, i) * (Math.Abs(own) + r);
                }
                bound += page(layers[0]).Sum(T * B, m);
                Is(gradients[name], v is null ? 0 : i, v is null ? i : j, value, bound);
            }
        }
    }
}
