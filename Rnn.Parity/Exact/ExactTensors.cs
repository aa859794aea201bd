using static TorchSharp.torch.nn;

namespace Rnn.Parity.Exact;

/// <summary>Tensors of small integers and powers of two, for a case in which nothing is to round.</summary>
internal sealed class ExactTensors(RnnCase c, Draws random)
{
    private readonly bool tanh = c.Options.NonLinearity == NonLinearities.Tanh;
    private readonly bool narrow = c.Options.Dtype == ScalarType.BFloat16;
    private readonly ScalarType dtype = c.Dtype;

    /// <summary>
    /// Weights 0, ±1, ±2, ±4, with fewer nonzero ones in each further attempt; everything else small integers. For tanh the
    /// weights and biases are multiples of the threshold s, so that every argument is one, and h_0 is −1, 0 or 1.
    /// </summary>
    public CaseTensors Draw(int attempt)
    {
        // how many weights of a row are nonzero, on average
        var kept = Math.Max(2, (narrow ? 3 : 5) - attempt / 4);
        var powers = narrow || tanh ? 2 : 3;
        var scale = tanh ? Saturation.Threshold(dtype) : 1;
        return new CaseTensors(
            c.Options.WeightNames.ToDictionary(name => name, name => Weight(c.Options.ShapeOf(name))),
            Of(c.InputShape, () => Between(narrow ? 2 : 3)),
            c.WithoutInitialState ? null : Of(c.StateShape, () => Between(tanh ? 1 : 2)),
            Of(c.OutputShape, () => Between(narrow ? 1 : 2)),
            Of(c.StateShape, () => Between(narrow ? 1 : 2))
        );

        Tensor Weight(long[] shape) =>
            Of(shape, () => shape is [_, var columns] ? Sparse(kept, (int)columns) : Sparse(1, 2));

        double Sparse(int kept, int columns) =>
            random.Below(columns) < kept ? random.Sign() * scale * (1 << random.Below(powers)) : 0;
    }

    private double Between(int limit) => random.Below(2 * limit + 1) - limit;

    private Tensor Of(long[] shape, Func<double> value)
    {
        var values = new double[shape.Aggregate(1L, static (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = value();
        return tensor(values, shape).type(dtype);
    }
}
