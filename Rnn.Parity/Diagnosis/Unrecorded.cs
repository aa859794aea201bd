using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>
/// A mistake below the last layer of a run of which that layer alone was recorded: in every layer alike, in one, or in one
/// direction of one. Those that come nearest to the recorded output are carried through the stack with their errors, and
/// one is named if all that was recorded lies within the bound that follows.
/// </summary>
internal static class Unrecorded
{
    // How many are carried; how many steps and which sequence they are chosen by. None of this decides.
    private const int Nearest = 4;
    private const int FirstSteps = 12;

    /// <summary>The mistake and where it is; null if none on the list reproduces what was recorded.</summary>
    public static string? Name(Run recorded, IReadOnlyDictionary<string, Tensor> run)
    {
        var (c, tensors, tanhError) = (recorded.Case, recorded.Tensors, recorded.Layers[0].Φ.Absolute);
        if (c.Lengths is not null)
            return null;
        // one sequence, and its first steps where time runs one way
        var steps = c.Options.Bidirectional ? c.T : Math.Min(c.T, FirstSteps);
        var ((alone, own), output) = (c.Sequence(0, tensors, steps), c.Part(run["output"], 0, steps));
        var found = (
            from mistake in Mistakes.OfStack.Concat(LowerPrecision.Of(c.Dtype, recorded.Layers[^1].States!))
            from place in Places(c.Options)
            select (change: new Change(mistake, place), distance: Distance(alone, own, output, new(mistake, place)))
        )
            .Where(m => double.IsFinite(m.distance))
            .OrderBy(m => m.distance)
            .Take(Nearest)
            // what lies outside in a part lies outside in the whole
            .Where(m => Reproduced(alone, own, output, null, tanhError, m.change, Evidence.Undecided) is not null)
            .Select(m =>
                (
                    m.change,
                    layers: Reproduced(c, tensors, run["output"], run.GetValueOrDefault("h_n"), tanhError, m.change)
                )
            )
            .Where(m => m.layers is not null)
            .ToList();
        var h_n = run.TryGetValue("h_n", out var last) ? Matrix.Of(last) : null;
        if (!found.TrueForAll(m => Explains(recorded, m.layers!, h_n)))
            return null;
        // of several that fit, none is known to be the one
        var names = found
            .Select(m => m.change)
            .GroupBy(change => (change.Mistake.Words, change.Place))
            .Select(same =>
                same.First().With(string.Join(" or ", same.Select(change => change.Mistake.Format).Distinct()))
            );
        return found.Count == 0 ? null : string.Join(", or ", names);
    }

    // Every layer, each below the last, and each direction of each.
    private static IEnumerable<Where> Places(RnnOptions options)
    {
        yield return new(null, null);
        for (var k = 0; k < options.NumLayers - 1; k++)
        {
            yield return new(k, null);
            if (options.Bidirectional)
                foreach (var reverse in (bool[])[false, true])
                    yield return new(k, reverse);
        }
    }

    private sealed record Where(int? Layer, bool? Reverse)
    {
        public bool Has(RecordedLayer layer) =>
            (Layer is null || layer.Index == Layer) && (Reverse is null || layer.Reverse == Reverse);

        public override string ToString() =>
            Layer is not { } k
                ? "in every layer"
                : FormattableString.Invariant($"in layer {k}")
                    + (
                        Reverse is not { } reverse ? ""
                        : reverse ? ", in reverse alone"
                        : ", forward alone"
                    );
    }

    private sealed record Change(Alternative Mistake, Where Place)
    {
        /// <summary>Whether there is such a mistake in every layer that it is to be in: shapes may not fit.</summary>
        public bool Fits { get; private set; } = true;

        public Steps? At(RecordedLayer layer, IReadOnlyList<int> rows)
        {
            if (!Place.Has(layer))
                return null;
            var steps = Mistake.At(layer, rows);
            Fits &= steps is not null;
            return steps;
        }

        public string With(string formats) =>
            formats.Length > 0
                ? $"lower precision: {Mistake.Words} {formats} {Place}"
                : $"{Mistake.Words} {Place}: another function";
    }

    private static double Distance(RnnCase c, CaseTensors tensors, Tensor output, Change change)
    {
        using var scope = NewDisposeScope();
        var recording = new Recording(c, tensors, new(c.Dtype), tanhError: 0);
        if (recording.Layers([output], change.At, carried: false) is not { } layers || !change.Fits)
            return double.PositiveInfinity;
        return layers
            .Where(layer => layer.States is not null)
            .SelectMany(layer => layer.Enclosures.Zip(layer.States!.Values, (e, h) => e.Error(h)))
            .Average();
    }

    // The layers as the change has them, if all that was recorded lies within their bounds.
    private static List<RecordedLayer>? Reproduced(
        RnnCase c,
        CaseTensors tensors,
        Tensor output,
        Tensor? h_n,
        int tanhError,
        Change change,
        Evidence least = Evidence.Certified
    )
    {
        using var scope = NewDisposeScope();
        var rounding = new Rounding(c.Dtype);
        return
            new Recording(c, tensors, rounding, tanhError).Layers([output], change.At, carried: true) is { } layers
            && Judgement.Of(layers, h_n, rounding).Evidence >= least
            ? layers
            : null;
    }

    private static bool Explains(Run recorded, List<RecordedLayer> layers, Matrix? h_n) =>
        recorded.Layers.Any(layer =>
            Numbers(layer, h_n)
                .Any(n => Alternative.Explains(layer.Enclosures[n.at], layers[layer.Slot].Enclosures[n.at], n.value))
        );

    // What was recorded of a layer, and at which of its enclosures.
    private static IEnumerable<(int at, double value)> Numbers(RecordedLayer layer, Matrix? h_n)
    {
        foreach (var number in (layer.States?.Values ?? []).Index())
            yield return number;
        for (var b = 0; h_n is not null && b < layer.Rows.Batch; b++)
        for (var unit = 0; unit < layer.Size; unit++)
            yield return (
                layer.Rows.Of(b, layer.Reverse)[^1] * layer.Size + unit,
                h_n[layer.Slot * layer.Rows.Batch + b, unit]
            );
    }
}
