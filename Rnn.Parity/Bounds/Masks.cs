namespace Rnn.Parity.Bounds;

/// <summary>The dropout between layers as data: 0 or 1/(1 − p) for each number that the layer above reads.</summary>
internal static class Masks
{
    /// <summary>The mask below each layer but the first, drawn as the run draws it; nulls where nothing is dropped.</summary>
    public static Matrix?[] Of(RnnCase c)
    {
        if (!c.Drops)
            return new Matrix?[c.Options.NumLayers - 1];
        using var scope = NewDisposeScope();
        return [.. GlobalGenerator.Masks(c).Select(Matrix.Of)];
    }

    /// <summary>x ∘ mask, rounded once by the run and once more here, in float64.</summary>
    public static Read Apply(Read read, Matrix mask, int directions, Rounding rounding)
    {
        var (x, radius) = (read.X, read.Radius);
        var (H, u) = (x.Columns / directions, rounding.U + Rounding.Binary64.U);
        var (kept, fresh) = (new double[mask.Values.Length], new double[mask.Values.Length]);
        for (var i = 0; i < kept.Length; i++)
        {
            kept[i] = x.Values[i] * mask.Values[i];
            fresh[i] = u * (Math.Abs(kept[i]) + (radius?.Values[i] ?? 0) * mask.Values[i]) + rounding.Η;
        }
        var (dropped, rounded) = (x with { Values = kept }, x with { Values = fresh });
        var after = read
            .Errors?.Select(
                (rows, d) => rows.Select((e, row) => e.Step(Part(mask, row, d), Part(rounded, row, d), 64)).ToArray()
            )
            .ToList();
        for (var i = 0; i < fresh.Length; i++)
            fresh[i] += (radius?.Values[i] ?? 0) * mask.Values[i];
        return new(dropped, rounded, after, mask);

        double[] Part(Matrix of, int row, int d) => of.Row(row).Slice(d * H, H).ToArray();
    }
}

/// <summary>What a layer reads, and what is not known of it; and by what dropout has multiplied it.</summary>
internal sealed record Read(
    Matrix X,
    Matrix? Radius = null,
    IReadOnlyList<Zonotope[]>? Errors = null,
    Matrix? Mask = null
);
