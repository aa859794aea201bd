namespace Rnn.Parity.Bounds;

/// <summary>A recorded run as layers: which states are its own, and which had to be computed again.</summary>
internal sealed class Recording(RnnCase c, CaseTensors tensors, Rounding rounding, int tanhError)
{
    private readonly Rows rows = new(c);

    /// <summary>
    /// Every layer and direction, in the order of h_0. The last layer's states are those of the output; those of the
    /// layers below are known if they were recorded, and else enclosed.
    /// </summary>
    public static List<RecordedLayer> Of(
        RnnCase c,
        CaseTensors tensors,
        IReadOnlyList<Tensor> outputs,
        Rounding rounding,
        int tanhError = 0
    ) => new Recording(c, tensors, rounding, tanhError).Layers(outputs, static (_, _) => null, carried: true)!;

    /// <summary>The same where steps may be others than the equation's.</summary>
    /// <param name="outputs">Each layer's output, or the last one alone.</param>
    /// <param name="change">The steps of some rows of a layer; null for the equation's.</param>
    /// <param name="carried">Whether errors are carried, or states that were not recorded are taken as if they were the run's.</param>
    /// <returns>Null if the change cannot be carried through a layer that was not recorded.</returns>
    public List<RecordedLayer>? Layers(
        IReadOnlyList<Tensor> outputs,
        Func<RecordedLayer, IReadOnlyList<int>, Steps?> change,
        bool carried
    )
    {
        var (masks, layers) = (Masks.Of(c), new List<RecordedLayer>());
        var read = new Read(rows.Gather(Matrix.Of(c.TimeFirst(tensors.Input))));
        for (var k = 0; k < (int)c.Options.NumLayers; k++)
        {
            var last = k == (int)c.Options.NumLayers - 1;
            var output =
                outputs.Count == (int)c.Options.NumLayers ? outputs[k]
                : last ? outputs[^1]
                : null;
            var (here, unknown) = (new List<RecordedLayer>(), new List<Zonotope[]>());
            foreach (var reverse in c.Options.Bidirectional ? new[] { false, true } : [false])
            {
                var layer = Layer(k, reverse, read, output);
                int[] all = [.. Enumerable.Range(0, rows.Count)];
                if (layer.States is not null)
                {
                    here.Add(layer with { Enclosures = StateBounds.Of(change(layer, all) ?? layer.At(all)) });
                    continue;
                }
                if (Follow(layer, change, carried) is not var (enclosures, errors))
                    return null;
                here.Add(layer with { Enclosures = enclosures });
                if (carried)
                    unknown.Add(errors);
            }
            layers.AddRange(here);
            var states = Bounded.Join(here.ConvertAll(layer => layer.Known), Matrix.Beside);
            read = unknown.Count > 0 ? new(states.Value, states.Bound, unknown) : new(states.Value);
            if (!last && masks[k] is { } mask)
                read = Masks.Apply(read, mask, here.Count, rounding);
        }
        return layers;
    }

    private RecordedLayer Layer(int k, bool reverse, Read read, Tensor? output)
    {
        var suffix = RnnOptions.Suffix(k, reverse);
        var (H, slot) = (c.Options.HiddenSize, k * c.Options.NumDirections + (reverse ? 1 : 0));
        return new()
        {
            Index = k,
            Reverse = reverse,
            Slot = (int)slot,
            Rows = rows,
            X = read.X,
            XRadius = read.Radius,
            XErrors = read.Errors,
            Mask = read.Mask,
            Φ = Nonlinearity.Of(c.Options.NonLinearity, tanhError),
            Rounding = rounding,
            States = output is null ? null : Matrix.Of(c.TimeFirst(output).narrow(-1, reverse ? H : 0, H)),
            H_0 = tensors.H_0 is null
                ? new(new double[c.B * H], (int)c.B, (int)H)
                : Matrix.Of(tensors.H_0.select(0, slot)),
            W_ih = Matrix.Of(tensors.Weights[$"weight_ih_{suffix}"]),
            W_hh = Matrix.Of(tensors.Weights[$"weight_hh_{suffix}"]),
            B_ih = c.Options.Bias ? Matrix.Of(tensors.Weights[$"bias_ih_{suffix}"]).Values : null,
            B_hh = c.Options.Bias ? Matrix.Of(tensors.Weights[$"bias_hh_{suffix}"]).Values : null,
        };
    }

    // The states of a layer that was not recorded, from h_0 on, turn by turn.
    private static (Enclosure[] enclosures, Zonotope[] errors)? Follow(
        RecordedLayer layer,
        Func<RecordedLayer, IReadOnlyList<int>, Steps?> change,
        bool carried
    )
    {
        var (H, count) = (layer.Size, layer.Rows.Count);
        var (enclosures, errors) = (new Enclosure[count * H], new Zonotope[count]);
        var states = new Matrix(new double[count * H], count, H);
        layer = layer with { States = states };
        var kept = Zonotope.Kept(count, H, stored: true);
        for (var turn = 0; turn < layer.Turns; turn++)
        {
            var rows = layer.Turn(turn);
            var steps = change(layer, rows) ?? layer.At(rows);
            if (steps is not { After: null, Rounded: null })
                return null;
            var (here, own) = carried
                ? StateBounds.Carry(steps, [.. steps.HRows.Select(row => row < 0 ? null : errors[row])], kept)
                : (StateBounds.Of(steps), []);
            for (var i = 0; i < rows.Length; i++)
            {
                if (carried)
                    errors[rows[i]] = own[i];
                for (var unit = 0; unit < H; unit++)
                {
                    enclosures[rows[i] * H + unit] = here[i * H + unit];
                    states.Values[rows[i] * H + unit] = here[i * H + unit].Value.High;
                }
            }
        }
        return (enclosures, errors);
    }
}
