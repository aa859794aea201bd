using Rnn.Parity.Cases;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Fuzzing;

/// <summary>
/// The equation evaluated from the start by plain loops in float64, with the error that a run may have at most, carried from
/// step to step. It is wider than the bounds of docs/certified.md and shares no code with them: what lies outside of it
/// must never be certified.
/// </summary>
internal sealed class PlainJudge
{
    private const double U64 = 1.0 / (1L << 53);

    // 3 ULP of a tanh that is at most 1, as TanhAccuracy has it; and what every bound is enlarged by.
    private const double TanhRoundings = 6;
    private const double Enlarged = 1 + 1.0 / (1 << 19);

    private readonly RnnCase c;
    private readonly PlainFolder folder;
    private readonly bool exact;
    private readonly double u;
    private readonly double η;
    private string? refuted;

    private PlainJudge(RnnCase c, PlainFolder folder, bool exact)
    {
        (this.c, this.folder, this.exact) = (c, folder, exact);
        var single = c.Options.Dtype != ScalarType.Float64;
        // The run's rounding, and that of the plain loops.
        u = (single ? 1.0 / (1 << 24) : U64) + U64;
        η = single ? 1.1754943508222875e-38 : 2.2250738585072014e-308;
    }

    /// <summary>The first recorded number of output and h_n that no correct run can have; null if there is none.</summary>
    /// <param name="c">The case.</param>
    /// <param name="folder">Its numbers.</param>
    /// <param name="exact">Whether nothing rounds, so that no error at all is allowed.</param>
    public static string? Refutes(RnnCase c, PlainFolder folder, bool exact)
    {
        var judge = new PlainJudge(c, folder, exact);
        judge.Layers();
        return judge.refuted;
    }

    private void Layers()
    {
        var (L, D, H) = ((int)c.Options.NumLayers, (int)c.Options.NumDirections, (int)c.Options.HiddenSize);
        var x = new Number[c.T, c.B, c.Options.InputSize];
        for (var t = 0; t < c.T; t++)
        for (var b = 0; b < c.B; b++)
        for (var i = 0; i < c.Options.InputSize; i++)
            x[t, b, i] = new(At("input", Sequence(t, b, i)), 0);
        for (var k = 0; k < L; k++)
        {
            var y = new Number[c.T, c.B, D * H];
            for (var d = 0; d < D; d++)
            for (var b = 0; b < c.B; b++)
                Scan(x, y, k, d, b);
            x = y;
        }
        if (c.Lengths is not null)
            Packed(x);
        else
            for (var t = 0; t < c.T; t++)
            for (var b = 0; b < c.B; b++)
            for (var unit = 0; unit < D * H; unit++)
                Compare("output", Sequence(t, b, unit), x[t, b, unit]);
    }

    // One sequence through one direction of one layer; then its h_n.
    private void Scan(Number[,,] x, Number[,,] y, int k, int d, int b)
    {
        var (H, slot, length) = (
            (int)c.Options.HiddenSize,
            k * (int)c.Options.NumDirections + d,
            (int)(c.Lengths?[b] ?? c.T)
        );
        var suffix = $"l{k}{(d == 1 ? "_reverse" : "")}";
        var h = new Number[H];
        for (var unit = 0; unit < H; unit++)
            h[unit] = new(c.WithoutInitialState ? 0 : At("h_0", State(slot, b, unit)), 0);
        for (var turn = 0; turn < length; turn++)
        {
            var t = d == 1 ? length - 1 - turn : turn;
            var next = new Number[H];
            for (var unit = 0; unit < H; unit++)
                y[t, b, d * H + unit] = next[unit] = Step(x, t, b, h, suffix, unit);
            h = next;
        }
        for (var unit = 0; unit < H; unit++)
            Compare("h_n", State(slot, b, unit), h[unit]);
    }

    // h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)
    private Number Step(Number[,,] x, int t, int b, Number[] h, string suffix, int unit)
    {
        var (z, m, carried) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.GetLength(2); i++)
            Term(At($"weight_ih_{suffix}", $"{unit},{i},"), x[t, b, i]);
        for (var j = 0; j < h.Length; j++)
            Term(At($"weight_hh_{suffix}", $"{unit},{j},"), h[j]);
        foreach (var bias in c.Options.Bias ? new[] { "bias_ih", "bias_hh" } : [])
            Term(1, new(At($"{bias}_{suffix}", $"{unit},,"), 0));

        // |ẑ − z| ≤ carried + γ_n (m + carried) + nη, and φ does not widen it; tanh adds its own error.
        var n = x.GetLength(2) + h.Length + 2;
        var γ = n * u / (1 - n * u);
        var error = carried + γ * (m + carried) + n * η;
        return c.Options.NonLinearity == NonLinearities.ReLU
            ? new(Math.Max(0, z), error)
            : new(Math.Tanh(z), error + TanhRoundings * u + η);

        void Term(double w, Number value)
        {
            z += w * value.Value;
            m += Math.Abs(w * value.Value);
            carried += Math.Abs(w) * value.Error;
        }
    }

    // One row a step and sequence, the longest sequences first.
    private void Packed(Number[,,] y)
    {
        var order = Enumerable.Range(0, (int)c.B).OrderByDescending(b => c.Lengths![b]).ToList();
        var row = 0;
        for (var t = 0; t < c.T; t++)
            foreach (var b in order.Where(b => c.Lengths![b] > t))
            {
                for (var unit = 0; unit < y.GetLength(2); unit++)
                    Compare("output", $"{row},{unit},", y[t, b, unit]);
                row++;
            }
    }

    private void Compare(string name, string place, Number number)
    {
        if (!folder.Tensors.TryGetValue(name, out var recorded))
            return;
        var error = Math.Abs(recorded[place] - number.Value);
        // Not a number is refuted as well.
        if (!(error <= (exact ? 0 : number.Error * Enlarged)))
            refuted ??= FormattableString.Invariant(
                $"{name}[{place}] is {recorded[place]:R}, off by {error:G3} from {number.Value:R}, where {number.Error:G3} is possible"
            );
    }

    private double At(string name, string place) => folder.Tensors[name][place];

    private string Sequence(int t, int b, int feature) =>
        c.Unbatched ? $"{t},{feature},"
        : c.Options.BatchFirst ? $"{b},{t},{feature}"
        : $"{t},{b},{feature}";

    private string State(int slot, int b, int unit) => c.Unbatched ? $"{slot},{unit}," : $"{slot},{b},{unit}";

    private readonly record struct Number(double Value, double Error);
}
