namespace Rnn.Parity.Diagnosis;

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
    /// <summary>
    /// The difference of two runs in one to three sentences, and whether no order of rounding explains it, if that is known; null
    /// if output and h_n are identical.
    /// </summary>
    /// <param name="subject">The RNN in question.</param>
    /// <param name="reference">What it is compared with.</param>
    /// <param name="c">The case; its steps are counted in the order of the sequence, in reverse as well.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="device">Where both run.</param>
    public static (string sentence, bool? isOutside)? Find(
        RnnFactory subject,
        RnnFactory reference,
        RnnCase c,
        CaseTensors tensors,
        Device device
    )
    {
        using var scope = NewDisposeScope();
        if (c.Lengths is not null)
            return OneByOne(subject, reference, c, tensors, device);
        var (actual, expected) = (Trace.Of(subject, c, tensors, device), Trace.Of(reference, c, tensors, device));
        if (Mismatch(actual, expected) is { } mismatch)
            return (mismatch, true);
        var (ours, theirs) = (Run.Of(actual, tensors), Run.Of(expected, tensors));
        var (first, outside) = Parted(ours, theirs);
        var stale = FinalStates.Explain((first is null ? theirs : ours).Recorded, Matrix.Of(actual.H_n));
        if (first is null)
            return TensorComparison.Compare("h_n", actual.H_n, expected.H_n) is null ? null
                : stale is not null ? (stale, true)
                : ("h_n is not the last state to the bit, and is within rounding of it", false);
        if (!ours.IsWhole)
        {
            const string unknown = "where it began is not known, since a stack of fewer layers has other states";
            return outside is null
                ? (unknown, null)
                : ($"{unknown}: it shows in {outside}: {Meaning.Outside(ours, outside)}", true);
        }
        if (outside is null)
        {
            // the other run is judged in the step alone in which the two part
            var other = Place.First(
                theirs.Layers[first.Layer.Slot],
                place => place.Turn == first.Turn && place.IsOutside
            );
            if (other is not null)
                return ($"began in {other}, in {expected.Name}: {Meaning.Outside(theirs, other)}", false);
            return stale is not null
                ? (stale, true)
                : ($"began in {first}: {Meaning.Within(actual, first.Layer)}", false);
        }
        var verdict = $"began in {outside}: {Meaning.Outside(ours, outside)}";
        if (outside.Layer.Slot == first.Layer.Slot && outside.Turn == first.Turn)
            return (verdict, true);
        var order = Meaning.Order(actual, first.Layer) is { } words ? $": {words}" : "";
        return ($"{verdict}. Within the bound of rounding the values differ earlier, from {first}{order}", true);
    }

    /// <summary>The mistake or the precision that reproduces a recorded run which is not the equation's; null if none on the list does.</summary>
    /// <param name="recorded">Its states, and what they may be.</param>
    /// <param name="run">Its quantities by name; output is there.</param>
    public static string? Name(Run recorded, IReadOnlyDictionary<string, Tensor> run)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        var named =
            Place.First(recorded.Recorded, place => place.IsOutside) is { } began ? Meaning.Named(recorded, began)
            : run.TryGetValue("h_n", out var h_n) ? FinalStates.Explain(recorded.Recorded, Matrix.Of(h_n))
            : null;
        return named ?? (recorded.Layers[0].States is null ? Unrecorded.Name(recorded, run) : null);
    }

    // Packed sequences are traced as dense ones, each by itself.
    private static (string, bool?)? OneByOne(
        RnnFactory subject,
        RnnFactory reference,
        RnnCase c,
        CaseTensors tensors,
        Device device
    )
    {
        // nothing here depends on the cotangent, which may be packed already
        tensors = tensors with
        {
            GradOutput = zeros(c.OutputShape),
        };
        for (var b = 0; b < c.B; b++)
        {
            var (alone, own) = c.Sequence(b, tensors);
            if (Find(subject, reference, alone, own, device) is var (sentence, isOutside))
                return (FormattableString.Invariant($"sequence {b} of the packed ones alone: {sentence}"), isOutside);
        }
        return (
            "each of the packed sequences alone is identical: they are packed, sorted or joined otherwise, or dropped out of",
            false
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

    private static string? Mismatch(Trace actual, Trace expected) =>
        actual
            .Layers.Append(actual.H_n)
            .Zip(expected.Layers.Append(expected.H_n))
            .Select(
                (pair, layer) =>
                    TensorComparison.Compare("states", pair.First, pair.Second)?.Mismatch is { } mismatch
                        ? layer < actual.Layers.Count
                            ? $"began in layer {layer}: its output {mismatch}"
                            : $"h_n {mismatch}"
                        : null
            )
            .FirstOrDefault(sentence => sentence is not null);
}
