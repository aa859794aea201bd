using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using static TorchSharp.torch;

namespace Rnn.Parity.Divergences;

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
public static class Divergence
{
    /// <summary>Explains the difference of two runs in one to three sentences; null if output and h_n are identical.</summary>
    /// <param name="subject">The RNN in question.</param>
    /// <param name="reference">What it is compared with.</param>
    /// <param name="c">The case; its steps are counted in the order of the sequence, in reverse as well.</param>
    /// <param name="device">Where both run.</param>
    public static string? Explain(RnnFactory subject, RnnFactory reference, RnnCase c, Device device)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(device);
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        return c.Lengths is null
            ? Explain(subject, reference, c, tensors, device)
            : OneByOne(subject, reference, c, tensors, device);
    }

    // Packed sequences are traced as dense ones, each by itself.
    private static string OneByOne(
        RnnFactory subject,
        RnnFactory reference,
        RnnCase c,
        CaseTensors tensors,
        Device device
    )
    {
        for (var b = 0; b < c.B; b++)
        {
            var (alone, own) = c.Sequence(b, tensors);
            if (Explain(subject, reference, alone, own, device) is { } sentence)
                return FormattableString.Invariant($"sequence {b} of the packed ones alone: {sentence}");
        }
        return "each of the packed sequences alone is identical: they are packed, sorted or joined otherwise, or dropped out of";
    }

    private static string? Explain(
        RnnFactory subject,
        RnnFactory reference,
        RnnCase c,
        CaseTensors tensors,
        Device device
    )
    {
        var actual = Trace.Of(subject, c, tensors, device);
        var expected = Trace.Of(reference, c, tensors, device);
        if (Mismatch(actual, expected) is { } mismatch)
            return mismatch;
        var first = Place.First(actual, place => !Values.Same(place.Value, Beside(expected, place)));
        return first is null ? FinalStates.Explain(actual, expected) : Explain(first, expected);
    }

    private static string Explain(Place first, Trace expected)
    {
        var actual = first.Pass.Trace;
        var outside = Outside(actual, first.Pass.Layer);
        if (outside is null && OutsideAt(first with { Pass = expected.Passes[first.Pass.Slot] }) is { } other)
            return $"began in {other}, in {expected.Name}: {Verdict.Outside(other)}";
        if (outside is null)
            return $"began in {first}: {Verdict.Within(first.Pass)}";
        var verdict = $"began in {outside}: {Verdict.Outside(outside)}";
        return outside.Pass.Slot == first.Pass.Slot && outside.Turn == first.Turn
            ? verdict
            : $"{verdict}. Within the bound of rounding the values differ earlier, from {first}: {Verdict.Within(first.Pass)}";
    }

    // What no order of rounding can give; the layers below the first difference are those of the other run.
    private static Place? Outside(Trace run, int layer) =>
        Place.First(run, place => place.Pass.Layer >= layer && place.IsOutside);

    // The other run is judged in the step alone in which the two part.
    private static Place? OutsideAt(Place first) =>
        Place.First(first.Pass.Trace, place => place.Pass == first.Pass && place.Turn == first.Turn && place.IsOutside);

    private static double Beside(Trace other, Place place) =>
        other.Passes[place.Pass.Slot].State(place.Turn)[place.Row][place.Unit];

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
