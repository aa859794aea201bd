namespace Rnn.Parity.Certified;

/// <summary>
/// The adjoint of one direction of one layer at a run's own states, and how far the run's can be from it.
/// docs/certified.md, theorem 3.
/// <para>h_bar_t = y_bar_t + W_hhᵀ a_bar_{t+1}, a_bar_t = φ'(a_t) ∘ h_bar_t</para>
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="states">h_t, (rows, H), and how far the run's can be from it.</param>
/// <param name="rounding">How the run rounds, and this evaluation with it.</param>
internal sealed class AdjointBounds(RecordedLayer layer, Bounded states, Rounding rounding)
{
    private readonly int H = layer.Size;

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
        var follow = recorded is null && CarriedErrors.IsAffordable(rows.Length, layer.Rows.Batch, H);
        var errors = new CarriedErrors(layer.W_hh, signed: follow);
        var carried = h_n_bar.Row(b).ToArray();
        var magnitude = carried.Select(Math.Abs).ToArray();
        foreach (var row in rows.Reverse())
        {
            Step(row, y_bar, (carried, magnitude), recorded, errors);
            errors.Through();
            (carried, magnitude) = Through(row);
        }
        for (var i = 0; i < H; i++)
            H_0.Set(b, i, carried[i], errors.BeforeWeights[i] + rounding.Sum(H, magnitude[i]));
    }

    private void Step(
        int row,
        Bounded y_bar,
        (double[] value, double[] magnitude) carried,
        Matrix? recorded,
        CarriedErrors errors
    )
    {
        var (slopes, λ) = (new double[H], new double[H]);
        for (var i = 0; i < H; i++)
        {
            // h_bar_t = y_bar_t + W_hhᵀ a_bar_{t+1}: H + 1 terms
            var h_bar = y_bar.Value[row, i] + carried.value[i];
            var rounded = rounding.Sum(H + 1, y_bar.Magnitude(row, i) + carried.magnitude[i]) + y_bar.Bound[row, i];
            HBar.Set(row, i, h_bar, errors.BeforeWeights[i] + rounded);
            // a_bar_t = φ'(a_t) h_bar_t: one product
            var (slope, slopeError) = Slope(row, i);
            var reach = recorded is null ? HBar.Magnitude(row, i) : Math.Abs(recorded[row, i]);
            var steepness = Math.Abs(slope);
            var product = slopeError * reach + rounding.Sum(1, (steepness + slopeError) * reach);
            (slopes[i], λ[i]) = (slope, product + (recorded is null ? steepness * rounded : 0));
            var own = recorded is null ? steepness * errors.BeforeWeights[i] : 0;
            A.Set(row, i, slope * (recorded is null ? h_bar : recorded[row, i]), own + λ[i]);
        }
        errors.Add(recorded is null ? slopes : new double[H], λ);
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

    // φ'(a) from h, and how far the run's can be from it: tanh' = 1 − h² is a sum of two terms, relu' is 0 or 1.
    private (double slope, double error) Slope(int row, int i)
    {
        var (h, radius) = (states.Value[row, i], states.Bound[row, i]);
        var slope = layer.Φ.SlopeOf(h);
        if (layer.Φ.Roundings == 0)
            return (slope, radius > 0 && Math.Abs(h) <= radius ? 1 : 0);
        var known = radius * (2 * Math.Abs(h) + radius);
        return (slope, known + rounding.Sum(2, 1 + h * h + known));
    }
}
