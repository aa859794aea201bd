namespace Rnn.Parity.Bounds;

/// <summary>What is not known of x_t and h_{t−1} as it stands in W_ih x_t + W_hh h_{t−1}. docs/certified.md, theorem 2.</summary>
internal sealed class Carried(Steps steps)
{
    private readonly Tensor W_ihT = Transposed(steps.W_ih);
    private readonly Lazy<Tensor> W_hhT = new(() => Transposed(steps.W_hh));

    /// <summary>How large the errors of W_ih x_t are at most, and how large |W_ih| r_x.</summary>
    public (double[] radius, double[] magnitude) OfInput(int row)
    {
        var magnitude = Magnitude(steps.W_ih, steps.XRadius is { } r_x ? r_x.Row(row) : []);
        // where no signs are known, what the magnitudes say
        if (steps.XErrors is not { } directions)
            return (magnitude, magnitude);
        using var scope = NewDisposeScope();
        var (radius, size) = (new double[steps.Size], steps.X.Columns / directions.Count);
        for (var d = 0; d < directions.Count; d++)
        {
            var errors = directions[d][row].Through(W_ihT.narrow(0, d * size, size)).Radius();
            for (var unit = 0; unit < radius.Length; unit++)
                radius[unit] += errors[unit];
        }
        return (radius, magnitude);
    }

    /// <summary>Makes what is needed of W_hh, in the dispose scope of this thread.</summary>
    public Carried WithStates()
    {
        _ = W_hhT.Value;
        return this;
    }

    /// <summary>The errors of W_hh h_{t−1} with their signs, and how large |W_hh| r_h.</summary>
    public (Zonotope errors, double[] magnitude) OfState(Zonotope errors) =>
        (errors.Through(W_hhT.Value), Magnitude(steps.W_hh, errors.Radius()));

    private static double[] Magnitude(Matrix W, ReadOnlySpan<double> radius)
    {
        var magnitude = new double[W.Rows];
        for (var unit = 0; unit < W.Rows; unit++)
        for (var k = 0; k < radius.Length; k++)
            magnitude[unit] += Math.Abs(W[unit, k]) * radius[k];
        return magnitude;
    }

    private static Tensor Transposed(Matrix W)
    {
        var transposed = W.Transposed();
        return tensor(transposed.Values).view(transposed.Rows, transposed.Columns);
    }
}
