using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>A run, and what the equation allows each of its states to be.</summary>
/// <param name="Case">What was run.</param>
/// <param name="Tensors">With which tensors.</param>
/// <param name="Layers">The layers and directions, in the order of h_0.</param>
internal sealed record Run(RnnCase Case, CaseTensors Tensors, IReadOnlyList<RecordedLayer> Layers)
{
    /// <summary>The run whose layers' outputs are given, each shaped as the output.</summary>
    /// <param name="c">What was run.</param>
    /// <param name="tensors">With which tensors.</param>
    /// <param name="outputs">Each layer's output, or the last one alone.</param>
    /// <param name="tanhError">The absolute error of the run's tanh, in u.</param>
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

    /// <summary>Whether the states of every layer are known.</summary>
    public bool IsWhole => Layers.All(layer => layer.States is not null);

    /// <summary>Those whose states were recorded.</summary>
    public IEnumerable<RecordedLayer> Recorded => Layers.Where(layer => layer.States is not null);
}
