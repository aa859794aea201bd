using System.Runtime.InteropServices;
using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using Rnn.Parity.Tests.Exact;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Oracles;

/// <summary>Makes a drawn relu case one in which nothing rounds, with as few zeros as the proof allows.</summary>
public static class SparseIntegers
{
    /// <summary>
    /// Replaces weights and cotangents by integers from −1 to 1 and the rest by integers from −3 to 3; then sets more and
    /// more of each weight's row to zero, until the oracle can prove that nothing rounds.
    /// </summary>
    public static CaseTensors Of(RnnCase c, CaseTensors drawn)
    {
        var dense = IntegerTensors.Of(drawn);
        for (var kept = Math.Max(c.Options.InputSize, c.Options.NumDirections * c.Options.HiddenSize); kept > 0; kept--)
        {
            var weights = dense.Weights.ToDictionary(w => w.Key, w => Thin(w.Value, kept));
            var tensors = dense with { Weights = weights };
            if (IntegerOracle.Refuses(c, tensors) is null)
                return tensors;
        }
        throw new ArgumentException($"{c} rounds with one weight in a row");
    }

    // Keeps the given number of elements in each row, a different stretch in each.
    private static Tensor Thin(Tensor weight, long kept)
    {
        var columns = weight.shape[^1];
        if (weight.dim() == 1 || columns <= kept)
            return weight;
        var values = MemoryMarshal.Cast<byte, double>(weight.type(ScalarType.Float64).bytes).ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = Math.DivRem(i, columns);
            if ((column + 3 * row) % columns >= kept)
                values[i] = 0;
        }
        return tensor(values, weight.shape).type(weight.dtype);
    }
}
