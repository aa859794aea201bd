using static TorchSharp.torch;

namespace Rnn.Parity.Certified;

/// <summary>What is not known of x_t and h_{t−1} as it stands in W_ih x_t + W_hh h_{t−1}. docs/certified.md, theorem 2.</summary>
internal sealed class Carried(Steps steps)
{
    private readonly Tensor? W_ihT = steps.XErrors is null ? null : Transposed(steps.W_ih);
    private readonly Lazy<Tensor> W_hhT = new(() => Transposed(steps.W_hh));

    /// <summary>The errors of z with their signs, from those of x_t in a step and those of h_{t−1}.</summary>
    public Zonotope Errors(int row, Zonotope? ofState)
    {
        var sum = Zonotope.Zero(steps.Size);
        if (steps.XErrors is { } directions)
            for (var d = 0; d < directions.Count; d++)
            {
                var size = steps.X.Columns / directions.Count;
                sum = sum.Plus(directions[d][row].Through(W_ihT!.narrow(0, d * size, size)));
            }
        return ofState is null ? sum : sum.Plus(ofState.Through(W_hhT.Value));
    }

    /// <summary>How large the errors of z are at most, and how much larger Σ|terms| can be: |W_ih| r_x + |W_hh| r_h.</summary>
    public (double[] radius, double[] magnitude) Into(int row, Zonotope? errors = null, Zonotope? ofState = null)
    {
        var magnitude = new double[steps.Size];
        Add(steps.W_ih, steps.XRadius is { } r_x ? r_x.Row(row) : []);
        Add(steps.W_hh, ofState is null ? [] : ofState.Radius());
        // where no signs are known, what the magnitudes say
        if (errors is null && steps.XErrors is null)
            return (magnitude, magnitude);
        using var scope = NewDisposeScope();
        return ((errors ?? Errors(row, ofState)).Radius(), magnitude);

        void Add(Matrix W, ReadOnlySpan<double> radius)
        {
            for (var unit = 0; unit < W.Rows; unit++)
            for (var k = 0; k < radius.Length; k++)
                magnitude[unit] += Math.Abs(W[unit, k]) * radius[k];
        }
    }

    private static Tensor Transposed(Matrix W)
    {
        var transposed = W.Transposed();
        return tensor(transposed.Values).view(transposed.Rows, transposed.Columns);
    }
}
