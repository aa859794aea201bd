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
    /// A traced run: with all its layers if h_n of the whole stack is of their states, else with the last one alone, since
    /// those below, which stacks of fewer layers computed, are of another RNN.
    /// </summary>
    public static Run Of(Trace trace, CaseTensors tensors)
    {
        var (outputs, h_n) = (trace.Outputs(), Matrix.Of(trace.H_n));
        var run = Of(trace.Case, tensors, outputs);
        return run.Layers.SkipLast((int)trace.Case.Options.NumDirections).All(layer => FinalStates.IsOf(layer, h_n))
            ? run
            : Of(trace.Case, tensors, [outputs[^1]]);
    }

    /// <summary>Whether the states of every layer are known.</summary>
    public bool IsWhole => Layers.All(layer => layer.States is not null);

    /// <summary>Those whose states were recorded.</summary>
    public IEnumerable<RecordedLayer> Recorded => Layers.Where(layer => layer.States is not null);
}
