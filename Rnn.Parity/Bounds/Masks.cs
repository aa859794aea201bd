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
        using var without = no_grad();
        // A packed sequence has one row a step and sequence.
        long[] shape = c.Lengths is null ? [c.T, c.B] : [c.Lengths.Sum()];
        return GlobalGenerator.Drawn<Matrix?[]>(
            c,
            () => [.. Enumerable.Range(1, (int)c.Options.NumLayers - 1).Select(_ => Mask())],
            (one, other) => one.Zip(other).All(pair => pair.First!.Values.SequenceEqual(pair.Second!.Values))
        );

        Matrix Mask()
        {
            var kept = ones([.. shape, c.Options.NumDirections * c.Options.HiddenSize], c.Options.Dtype);
            return Matrix.Of(nn.functional.dropout(kept, c.Options.Dropout, training: true));
        }
    }

    /// <summary>x ∘ mask, rounded once by the run and once more here, in float64.</summary>
    public static (Matrix x, Matrix radius, IReadOnlyList<Zonotope[]>? errors) Apply(
        Matrix x,
        Matrix? radius,
        IReadOnlyList<Zonotope[]>? errors,
        Matrix mask,
        int directions,
        Rounding rounding
    )
    {
        var (H, u) = (x.Columns / directions, rounding.U + Rounding.Binary64.U);
        var (kept, fresh) = (new double[mask.Values.Length], new double[mask.Values.Length]);
        for (var i = 0; i < kept.Length; i++)
        {
            kept[i] = x.Values[i] * mask.Values[i];
            fresh[i] = u * (Math.Abs(kept[i]) + (radius?.Values[i] ?? 0) * mask.Values[i]) + rounding.Η;
        }
        var (dropped, rounded) = (x with { Values = kept }, x with { Values = fresh });
        var after = errors
            ?.Select(
                (rows, d) => rows.Select((e, row) => e.Step(Part(mask, row, d), Part(rounded, row, d), 64)).ToArray()
            )
            .ToList();
        for (var i = 0; i < fresh.Length; i++)
            fresh[i] += (radius?.Values[i] ?? 0) * mask.Values[i];
        return (dropped, rounded, after);

        double[] Part(Matrix of, int row, int d) => of.Row(row).Slice(d * H, H).ToArray();
    }
}
