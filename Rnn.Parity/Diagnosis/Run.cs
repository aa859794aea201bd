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

    /// <summary>Those whose states were recorded.</summary>
    public IEnumerable<RecordedLayer> Recorded => Layers.Where(layer => layer.States is not null);
}
