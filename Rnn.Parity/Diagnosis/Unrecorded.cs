using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>
/// A mistake below the last layer of a run of which that layer alone was recorded: in every layer alike, or in one. Those
/// that come nearest to the recorded output are carried through the stack with their errors, and one is named if all that
/// was recorded lies within the bound that follows.
/// </summary>
internal static class Unrecorded
{
    // How many are carried; how many steps and which sequence they are chosen by. None of this decides.
    private const int Nearest = 4;
    private const int Steps = 12;

    /// <summary>The mistake and where it is; null if none on the list reproduces what was recorded.</summary>
    public static string? Name(RnnCase c, CaseTensors tensors, IReadOnlyDictionary<string, Tensor> run)
    {
        if (c.Lengths is not null)
            return null;
        var (alone, own, output) = Beginning(c, tensors, run["output"]);
        IEnumerable<(Alternative mistake, int? layer)> all =
            from mistake in Mistakes.OfStack.Concat(LowerPrecision.Of(c.Dtype))
            from layer in Enumerable.Range(0, (int)c.Options.NumLayers - 1).Select(k => (int?)k).Prepend(null)
            select (mistake, layer);
        return all.Select(m => (m.mistake, m.layer, distance: Distance(alone, own, output, m)))
            .Where(m => double.IsFinite(m.distance))
            .OrderBy(m => m.distance)
            .Take(Nearest)
            .Where(m => Reproduces(c, tensors, run, (m.mistake, m.layer)))
            .Select(m => Sentence(m.mistake, m.layer))
            .FirstOrDefault();
    }

    private static string Sentence(Alternative mistake, int? layer)
    {
        var where = layer is { } k ? FormattableString.Invariant($"in layer {k}") : "in every layer";
        return mistake.Format.Length > 0
            ? $"lower precision: {mistake.Words} {mistake.Format} {where}"
            : $"{mistake.Words} {where}: another function";
    }

    // One sequence, and the first steps where time runs one way.
    private static (RnnCase, CaseTensors, Tensor) Beginning(RnnCase c, CaseTensors tensors, Tensor output)
    {
        var (alone, own) = c.Unbatched ? (c, tensors) : c.Sequence(0, tensors);
        var (time, batch) =
            c.Unbatched ? (0, -1)
            : c.Options.BatchFirst ? (1, 0)
            : (0, 1);
        output = batch < 0 ? output : output.narrow(batch, 0, 1);
        if (c.Options.Bidirectional || c.T <= Steps)
            return (alone, own, output);
        return (
            alone with
            {
                T = Steps,
            },
            own with
            {
                Input = own.Input.narrow(time, 0, Steps),
            },
            output.narrow(time, 0, Steps)
        );
    }

    private static double Distance(RnnCase c, CaseTensors tensors, Tensor output, (Alternative, int?) mistake)
    {
        using var scope = NewDisposeScope();
        if (Changed(c, tensors, output, mistake, carried: false) is not { } layers)
            return double.PositiveInfinity;
        return layers
            .Where(l => l.layer.States is not null)
            .SelectMany(l => l.enclosures.Zip(l.layer.States!.Values, (e, h) => e.Error(h)))
            .Average();
    }

    private static bool Reproduces(
        RnnCase c,
        CaseTensors tensors,
        IReadOnlyDictionary<string, Tensor> run,
        (Alternative, int?) mistake
    )
    {
        using var scope = NewDisposeScope();
        if (Changed(c, tensors, run["output"], mistake, carried: true) is not { } layers)
            return false;
        var judgement = new Judgement(new Rounding(c.Dtype));
        foreach (var (layer, enclosures) in layers)
        {
            judgement.States(layer, enclosures);
            if (run.TryGetValue("h_n", out var h_n))
                judgement.FinalStates(layer, enclosures, Matrix.Of(h_n.select(0, layer.Slot)));
        }
        return judgement.Evidence == Evidence.Certified;
    }

    private static List<(RecordedLayer layer, Enclosure[] enclosures)>? Changed(
        RnnCase c,
        CaseTensors tensors,
        Tensor output,
        (Alternative alternative, int? layer) mistake,
        bool carried
    ) =>
        Recording.Changed(
            c,
            tensors,
            [output],
            new Rounding(c.Dtype),
            (layer, rows) => mistake.layer is { } k && layer.Index != k ? null : mistake.alternative.At(layer, rows),
            carried
        );
}
