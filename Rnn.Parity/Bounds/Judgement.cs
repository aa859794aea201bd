namespace Rnn.Parity.Bounds;

/// <summary>What a run came to beside its bounds: the worst |error| / bound, and the first fault.</summary>
internal sealed class Judgement(Rounding rounding)
{
    /// <summary>The greatest |error| / bound; infinite where the bound is zero and the error is not.</summary>
    public double Worst { get; private set; }

    /// <summary>The widest bound, in parts of the largest value of its quantity, of a number that is not its value itself.</summary>
    public double Widest { get; private set; }

    public long Elements { get; private set; }

    public long Outside { get; private set; }

    public Evidence Evidence =>
        Fault is not null ? Evidence.Differs
        : Doubtful is not null ? Evidence.Undecided
        : Evidence.Certified;

    public string? Fault { get; private set; }

    /// <summary>The quantity that it is of: output, h_n, or a gradient.</summary>
    public string? FaultIn { get; private set; }

    /// <summary>The first number of which the bound says nothing.</summary>
    public string? Doubtful { get; private set; }

    /// <summary>Every layer's states, where they were recorded, and h_n, (L·D, B, H), where it was.</summary>
    public static Judgement Of(IEnumerable<RecordedLayer> layers, Tensor? h_n, Rounding rounding)
    {
        var judgement = new Judgement(rounding);
        foreach (var layer in layers)
        {
            judgement.States(layer);
            if (h_n is not null)
                judgement.FinalStates(layer, Matrix.Of(h_n.select(0, layer.Slot)));
        }
        return judgement;
    }

    /// <summary>The states of one direction of one layer, where they were recorded; of one that was not, h_n alone is judged.</summary>
    public void States(RecordedLayer layer)
    {
        if (layer.States is not { } states)
            return;
        var scale = Scale(layer);
        // A sequence is judged in the order of computation, so that the first fault is where it began.
        for (var b = 0; b < layer.Rows.Batch; b++)
            foreach (var row in layer.Rows.Of(b, layer.Reverse))
                for (var unit = 0; unit < layer.Size; unit++)
                {
                    var (h, e) = (states[row, unit], layer.Enclosures[row * layer.Size + unit]);
                    Number("output", h, e, scale, () => $"h in {layer.Name}, {layer.Rows.Name(row)}, unit {unit}");
                }
    }

    /// <summary>h_n (B, H) of one direction of one layer: what its last states can be, which may have been computed once more.</summary>
    public void FinalStates(RecordedLayer layer, Matrix h_n)
    {
        var scale = Scale(layer);
        for (var b = 0; b < layer.Rows.Batch; b++)
        for (var unit = 0; unit < layer.Size; unit++)
        {
            var e = layer.Enclosures[layer.Rows.Of(b, layer.Reverse)[^1] * layer.Size + unit];
            Number("h_n", h_n[b, unit], e, scale, () => $"h_n in {layer.Name}, row {b}, unit {unit}");
        }
    }

    public void Open(string sentence) => Doubtful ??= sentence;

    public void Missing(string name)
    {
        Outside++;
        FaultIn ??= name;
        Fault ??= $"{name} is missing";
    }

    public void Gradient(string name, Bounded gradient, Matrix recorded)
    {
        var scale = gradient.Value.Values.Select(Math.Abs).DefaultIfEmpty().Max();
        for (var i = 0; i < recorded.Values.Length; i++)
        {
            var (row, column) = Math.DivRem(i, gradient.Value.Columns);
            Enclosure e = new(gradient.Value.Values[i], gradient.Bound.Values[i] * Rounding.Margin);
            Number(name, recorded.Values[i], e, scale, () => $"{name} at [{row}, {column}]");
        }
    }

    private static double Scale(RecordedLayer layer) => layer.Enclosures.Max(e => Math.Abs(e.Value.High));

    // A bound as large as the largest number of a quantity says nothing of it. But below η/u an error of η is more than one
    // of u, and a type has no figures to compare: what is as small as that and within its bound is as near as can be.
    private void Number(string quantity, double recorded, Enclosure e, double scale, Func<string> place)
    {
        Elements++;
        scale = Math.Max(scale, rounding.Least);
        // What is infinite or not a number equals itself.
        var error = recorded.Equals(e.Value.High) && e.Value.Low == 0 ? 0 : e.Error(recorded);
        if (error == 0 && double.IsFinite(e.Bound))
            return;
        if (!double.IsFinite(e.Bound) || (error <= e.Bound && e.Bound >= scale))
        {
            Doubtful ??= double.IsFinite(e.Bound)
                ? FormattableString.Invariant(
                    $"{place()}: the bound, {e.Bound:G2}, is as wide as the largest value, {scale:G2}, and says nothing"
                )
                : $"{place()}: errors grow without end, or a sum may overflow: the bound is infinite, and says nothing";
            return;
        }
        Widest = Math.Max(Widest, e.Bound / scale);
        // not a number is outside of every bound
        var ratio = double.IsNaN(error) ? double.PositiveInfinity : error / e.Bound;
        Worst = Math.Max(Worst, ratio);
        if (ratio <= 1)
            return;
        Outside++;
        FaultIn ??= quantity;
        Fault ??= FormattableString.Invariant(
            $"{place()} is {rounding.Text(recorded)}, off by {error:G3} from {rounding.Text(e.Value.High)}, where rounding is at most {e.Bound:G3}"
        );
    }
}
