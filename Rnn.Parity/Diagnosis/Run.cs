using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>A run, and what the equation allows each of its states to be.</summary>
internal sealed record Run(RnnCase Case, CaseTensors Tensors, IReadOnlyList<RecordedLayer> Layers)
{
    /// <summary>The run whose layers' outputs are given, each shaped as the output.</summary>
    public static Run Of(RnnCase c, CaseTensors tensors, IReadOnlyList<Tensor> outputs, int tanhError = 0) =>
        new(c, tensors, Recording.Of(c, tensors, outputs, new Rounding(c.Dtype), tanhError));

    /// <summary>
    /// A traced run: with all its layers, or with the last one alone where those below, which stacks of fewer layers computed,
    /// may be of another RNN. They are the run's if all states are the equation's; and else if h_n of the whole stack is of
    /// them, but not where they are wrong and it is right.
    /// </summary>
    public static Run OfStacks(RnnCase c, CaseTensors tensors, IReadOnlyList<Tensor> outputs, Matrix h_n)
    {
        var run = Of(c, tensors, outputs);
        var wrong = run.Layers.Where(layer => Place.First(layer, place => place.IsOutside) is not null).ToList();
        if (outputs.Count == 1 || wrong.Count == 0)
            return run;
        var alone = Of(c, tensors, [outputs[^1]]);
        return alone
            .Layers.Where(layer => layer.States is null)
            .All(layer =>
                FinalStates.IsOf(run.Layers[layer.Slot], h_n)
                && !(wrong.Contains(run.Layers[layer.Slot]) && FinalStates.IsWithin(layer, h_n))
            )
            ? run
            : alone;
    }

    public bool IsWhole => Layers.All(layer => layer.States is not null);

    public IEnumerable<RecordedLayer> Recorded => Layers.Where(layer => layer.States is not null);
}
