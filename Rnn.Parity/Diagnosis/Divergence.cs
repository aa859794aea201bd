namespace Rnn.Parity.Diagnosis;

/// <summary>Where two runs part.</summary>
/// <param name="Sentence">In one to three sentences: where, and what it means.</param>
/// <param name="IsRounding">Whether rounding explains that, in some order; null if it is not known.</param>
internal sealed record Origin(string Sentence, bool? IsRounding);

/// <summary>
/// Where two runs of one case part: the first layer, direction, step, row of the batch and unit; which term of the
/// equation carries the difference; and what it means.
/// </summary>
/// <remarks>
/// Up to there both runs have the same states, so that the step can be computed again from them, term by term. Every
/// later step is judged at the run's own previous state, so that no earlier difference is taken for a new one. What lies
/// outside the bound that any order of rounding obeys is lower precision or another function; what lies within it
/// is the same function, whose order of rounding is found by trying.
/// </remarks>
internal static class Divergence
{
    /// <summary>Where two runs part; null if output and h_n are identical.</summary>
    /// <param name="subject">The RNN in question.</param>
    /// <param name="reference">
    /// What it is compared with, on the same case, whose steps are counted in the order of the sequence, in reverse as well.
    /// </param>
    public static Origin? Find(LiveRun subject, LiveRun reference)
    {
        if (subject.Case.Lengths is not null)
            return OneByOne(subject, reference);
        var (actual, expected) = (subject.Trace, reference.Trace);
        var (ours, theirs) = (actual.Run, expected.Run);
        using var scope = NewDisposeScope();
        var (first, outside) = Parted(ours, theirs);
        var stale = FinalStates.Explain((first is null ? theirs : ours).Recorded, Matrix.Of(actual.H_n));
        if (first is null)
            return TensorComparison.Compare("h_n", actual.H_n, expected.H_n) is null ? null
                : stale is not null ? new(stale, IsRounding: false)
                : new("h_n is not the last state to the bit, and is within rounding of it", IsRounding: true);
        if (!ours.IsWhole)
        {
            const string unknown = "where it began is not known, since a stack of fewer layers has other states";
            return outside is null
                ? new(unknown, IsRounding: null)
                : new($"{unknown}: it shows in {outside}: {Meaning.Outside(ours, outside)}", IsRounding: false);
        }
        if (outside is null)
        {
            // the other run is judged in the step alone in which the two part
            var other = Place.First(
                theirs.Layers[first.Layer.Slot],
                place => place.Turn == first.Turn && place.IsOutside
            );
            return other is not null
                    ? new($"began in {other}, in {expected.Name}: {Meaning.Outside(theirs, other)}", IsRounding: true)
                : stale is not null ? new(stale, IsRounding: false)
                : new($"began in {first}: {Meaning.Within(actual, first.Layer)}", IsRounding: true);
        }
        var verdict = $"began in {outside}: {Meaning.Outside(ours, outside)}";
        if (outside.Layer.Slot == first.Layer.Slot && outside.Turn == first.Turn)
            return new(verdict, IsRounding: false);
        var order = Meaning.Order(actual, first.Layer) is { } words ? $": {words}" : "";
        return new(
            $"{verdict}. Within the bound of rounding the values differ earlier, from {first}{order}",
            IsRounding: false
        );
    }

    /// <summary>The mistake or the precision that reproduces a recorded run which is not the equation's; null if none on the list does.</summary>
    public static string? Name(Run recorded, IReadOnlyDictionary<string, Tensor> run)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        var named =
            Place.First(recorded.Recorded, place => place.IsOutside) is { } began ? Meaning.Named(recorded, began)
            : run.TryGetValue("h_n", out var h_n) ? FinalStates.Explain(recorded.Recorded, Matrix.Of(h_n))
            : null;
        // what explains one step may be another mistake, of every layer
        return
            recorded.Layers[0].States is null
            && named?.Contains(Alternative.Unexplained, StringComparison.Ordinal) != false
            ? Unrecorded.Name(recorded, run) ?? named
            : named;
    }

    // Packed sequences are traced as dense ones, each by itself.
    private static Origin OneByOne(LiveRun subject, LiveRun reference)
    {
        for (var b = 0; b < subject.Case.B; b++)
            if (Find(subject.Alone(b), reference.Alone(b)) is { } origin)
                return origin with
                {
                    Sentence = FormattableString.Invariant($"sequence {b} of the packed ones alone: {origin.Sentence}"),
                };
        return new(
            "each of the packed sequences alone is identical: they are packed, sorted or joined otherwise, or dropped out of",
            IsRounding: true
        );
    }

    /// <summary>The first number in which two runs differ, and the first of ours that no order of rounding explains.</summary>
    public static (Place? first, Place? outside) Parted(Run ours, Run theirs)
    {
        var first = Place.First(
            ours.Recorded,
            place =>
                theirs.Layers[place.Layer.Slot].States is { } other && !Same(place.Value, other[place.Row, place.Unit])
        );
        // the layers below the first difference are those of the other run
        return first is null
            ? (null, null)
            : (first, Place.First(ours.Recorded.Where(l => l.Index >= first.Layer.Index), place => place.IsOutside));
    }

    // −0 is not 0, and not-a-number is itself.
    private static bool Same(double a, double b) =>
        BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b));
}
