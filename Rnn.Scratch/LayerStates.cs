using System.Collections;
using static TorchSharp.torch;

namespace Rnn.Scratch;

/// <summary>The states of a layer in the order of computation, and the same as one tensor, (T, B, H), in the order of time.</summary>
internal sealed class LayerStates(Tensor[] states, Tensor output) : IReadOnlyList<Tensor>
{
    public Tensor Output => output;

    public int Count => states.Length;

    public Tensor this[int index] => states[index];

    public IEnumerator<Tensor> GetEnumerator() => ((IEnumerable<Tensor>)states).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
