using static TorchSharp.torch;

namespace Rnn.Parity.Certified;

/// <summary>What is not known of x_t and h_{t−1} as it stands in W_ih x_t + W_hh h_{t−1}. docs/certified.md, theorem 2.</summary>
/// <param name="layer">The layer that reads them.</param>
internal sealed class Carried(RecordedLayer layer)
{
    private readonly Tensor W_ihT = Transposed(layer.W_ih);
    private readonly Tensor W_hhT = Transposed(layer.W_hh);

    /// <summary>What the errors of x_t in a row and those of h_{t−1}, null if there are none, come to.</summary>
    public Unknown Into(int row, Zonotope? δ_h)
    {
        var magnitude = new double[layer.Size];
        var sum = Zonotope.Zero(layer.Size);
        if (layer.XErrors is { } directions)
            for (var d = 0; d < directions.Count; d++)
                sum = sum.Plus(directions[d][row].Through(W_ihT.narrow(0, d * layer.Size, layer.Size)));
        Add(layer.W_ih, layer.XRadius is { } r_x ? r_x.Row(row) : []);
        if (δ_h is not null)
        {
            sum = sum.Plus(δ_h.Through(W_hhT));
            Add(layer.W_hh, δ_h.Radius());
        }
        return new(sum, sum.Radius(), magnitude);

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

/// <summary>The errors of z that come from errors of x_t and h_{t−1}.</summary>
/// <param name="Errors">With their signs.</param>
/// <param name="Radius">The largest of each unit.</param>
/// <param name="Magnitude">How much larger Σ|terms| can be: |W_ih| r_x + |W_hh| r_h.</param>
internal sealed record Unknown(Zonotope Errors, double[] Radius, double[] Magnitude);
