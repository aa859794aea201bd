using Rnn.Parity.Cases;
using static TorchSharp.torch;

namespace Rnn.Parity.Certified;

/// <summary>The dropout between layers as data: 0 or 1/(1 − p) for each number that the layer above reads.</summary>
internal static class Masks
{
    /// <summary>The mask below each layer but the first, drawn as the run draws it; nulls where nothing is dropped.</summary>
    public static Matrix?[] Of(RnnCase c)
    {
        var masks = new Matrix?[c.Options.NumLayers - 1];
        if (c.Options.Dropout == 0 || c.Evaluation || masks.Length == 0)
            return masks;
        using var scope = NewDisposeScope();
        using var without = no_grad();
        RnnRun.Seed(c);
        // A packed sequence has one row a step and sequence.
        long[] shape = c.Lengths is null ? [c.T, c.B] : [c.Lengths.Sum()];
        for (var k = 0; k < masks.Length; k++)
        {
            var kept = ones([.. shape, c.Options.NumDirections * c.Options.HiddenSize], c.Options.Dtype);
            masks[k] = Matrix.Of(nn.functional.dropout(kept, c.Options.Dropout, training: true));
        }
        return masks;
    }

    /// <summary>x ∘ mask, rounded once.</summary>
    public static (Matrix x, Matrix? radius) Apply((Matrix x, Matrix? radius) read, Matrix? mask, Rounding rounding)
    {
        if (mask is null)
            return read;
        var (x, radius) = (new double[mask.Values.Length], new double[mask.Values.Length]);
        // the run's product rounds, and so does this one, in float64
        var u = rounding.U + Rounding.Binary64.U;
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = read.x.Values[i] * mask.Values[i];
            var r = (read.radius?.Values[i] ?? 0) * mask.Values[i];
            radius[i] = r + u * (Math.Abs(x[i]) + r) + rounding.Η;
        }
        return (read.x with { Values = x }, read.x with { Values = radius });
    }
}
