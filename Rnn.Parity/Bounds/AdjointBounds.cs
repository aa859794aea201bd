namespace Rnn.Parity.Bounds;

/// <summary>
/// The adjoint of one direction of one layer at a run's own states, and how far the run's can be from it.
/// docs/certified.md, theorem 3.
/// <para>h_bar_t = y_bar_t + W_hhᵀ a_bar_{t+1}, a_bar_t = φ'(a_t) ∘ h_bar_t</para>
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="rounding">How the run rounds, and this evaluation with it.</param>
/// <param name="cut">The turns from which nothing is passed to the one before; the equation has none.</param>
internal sealed class AdjointBounds(RecordedLayer layer, Rounding rounding, Func<int, bool>? cut = null)
{
    private readonly int H = layer.Size;
    private readonly Bounded states = layer.Known;
    private readonly int kept = Zonotope.Kept(layer.Rows.Count, layer.Size, stored: false);

    /// <summary>a_bar_t, (rows, H).</summary>
    public Bounded A { get; } = Bounded.Zero(layer.Rows.Count, layer.Size);

    /// <summary>h_bar_t, (rows, H).</summary>
    public Bounded HBar { get; } = Bounded.Zero(layer.Rows.Count, layer.Size);

    /// <summary>h_bar_0 = W_hhᵀ a_bar_1, (B, H).</summary>
    public Bounded H_0 { get; } = Bounded.Zero(layer.Rows.Batch, layer.Size);

    /// <summary>Runs the recurrence from the last step of each sequence to its first.</summary>
    /// <param name="y_bar">(rows, H): the derivative by h_t by every way but the next step.</param>
    /// <param name="h_n_bar">(B, H): the gradient of h_n.</param>
    /// <param name="recorded">
    /// (rows, H), the run's own h_bar_t; then every step is judged by itself, at the run's own h_bar_{t+1}. Null if it was
    /// not recorded; then errors are carried from step to step.
    /// </param>
    public AdjointBounds Run(Bounded y_bar, Matrix h_n_bar, Matrix? recorded)
    {
        Parallel.For(0, layer.Rows.Batch, b => Sequence(b, y_bar, h_n_bar, recorded));
        return this;
    }

    private void Sequence(int b, Bounded y_bar, Matrix h_n_bar, Matrix? recorded)
    {
        var rows = layer.Rows.Of(b, layer.Reverse);
        using var scope = NewDisposeScope();
        var W_hh = tensor(layer.W_hh.Values).view(H, H);
        var carried = h_n_bar.Row(b).ToArray();
        var magnitude = carried.Select(Math.Abs).ToArray();
        // of W_hhᵀ a_bar_{t+1}
        var errors = Zonotope.Zero(H);
        for (var turn = rows.Length - 1; turn >= 0; turn--)
        {
            var row = rows[turn];
            using var before = errors;
            var (slopes, fresh) = Step(row, y_bar, (carried, magnitude), recorded, before.Radius());
            using var own = before.Step(slopes, fresh, kept);
            var passes = cut?.Invoke(turn) != true;
            errors = passes ? own.Through(W_hh) : Zonotope.Zero(H);
            (carried, magnitude) = passes ? Through(row) : (new double[H], new double[H]);
        }
        var last = errors.Radius();
        for (var i = 0; i < H; i++)
            H_0.Set(b, i, carried[i], last[i] + rounding.Sum(H, magnitude[i]));
    }

    // a_bar_t and its errors: slopes times those of W_hhᵀ a_bar_{t+1}, and the step's own, at most fresh
    private (double[] slopes, double[] fresh) Step(
        int row,
        Bounded y_bar,
        (double[] value, double[] magnitude) carried,
        Matrix? recorded,
        double[] before
    )
    {
        var (slopes, fresh) = (new double[H], new double[H]);
        for (var i = 0; i < H; i++)
        {
            // h_bar_t = y_bar_t + W_hhᵀ a_bar_{t+1}: H + 1 terms
            var h_bar = y_bar.Value[row, i] + carried.value[i];
            var rounded = rounding.Sum(H + 1, y_bar.Magnitude(row, i) + carried.magnitude[i]) + y_bar.Bound[row, i];
            HBar.Set(row, i, h_bar, before[i] + rounded);
            // a_bar_t = φ'(a_t) h_bar_t: one product
            var (slope, slopeError) = Slope(row, i);
            var reach = recorded is null ? HBar.Magnitude(row, i) : Math.Abs(recorded[row, i]);
            var steepness = Math.Abs(slope);
            var product = slopeError * reach + rounding.Sum(1, (steepness + slopeError) * reach);
            (slopes[i], fresh[i]) = recorded is null ? (slope, product + steepness * rounded) : (0, product);
            A.Set(
                row,
                i,
                slope * (recorded is null ? h_bar : recorded[row, i]),
                Math.Abs(slopes[i]) * before[i] + fresh[i]
            );
        }
        return (slopes, fresh);
    }

    // W_hhᵀ a_bar_t, and Σ|terms|
    private (double[] value, double[] magnitude) Through(int row)
    {
        var (value, magnitude) = (new double[H], new double[H]);
        for (var k = 0; k < H; k++)
        for (var i = 0; i < H; i++)
        {
            value[i] += layer.W_hh[k, i] * A.Value[row, k];
            magnitude[i] += Math.Abs(layer.W_hh[k, i]) * A.Magnitude(row, k);
        }
        return (value, magnitude);
    }

    // φ'(a) from h, and how far the run's can be from it: tanh' = 1 − h² is a sum of two terms, relu' is 0 or 1, at 0 it is 0.
    private (double slope, double error) Slope(int row, int i)
    {
        var (h, radius) = (states.Value[row, i], states.Bound[row, i]);
        if (layer.Φ.Roundings == 0)
            return (h > 0 ? 1 : 0, radius > 0 && Math.Abs(h) <= radius ? 1 : 0);
        var known = radius * (2 * Math.Abs(h) + radius);
        return (1 - h * h, known + rounding.Sum(2, 1 + h * h + known));
    }
}
