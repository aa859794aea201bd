using static TorchSharp.torch;

namespace Rnn.Scratch.Notebooks;

/// <summary>
/// Document 003, its first object: raw tensors, a history that is never reset, and tanh applied twice to the
/// embedding's product.
/// <para>h_t = tanh(h_{t−1} wh + tanh(e we))</para>
/// </summary>
public sealed class TensorHistoryRnn : IDisposable
{
    private readonly List<Tensor> history = [];

    /// <summary>Draws the first state (1, 1), whatever H is, then we (I, H) and wh (H, H), all from a normal distribution.</summary>
    public TensorHistoryRnn(long inputs, long neurons, Generator? generator = null)
    {
        CheckInput.Size(nameof(inputs), inputs);
        CheckInput.Size(nameof(neurons), neurons);
        history.Add(randn(1, 1, generator: generator));
        We = randn(inputs, neurons, generator: generator);
        Wh = randn(neurons, neurons, generator: generator);
    }

    /// <summary>The embedding's weight, (I, H).</summary>
    public Tensor We { get; }

    /// <summary>The state's weight, (H, H).</summary>
    public Tensor Wh { get; }

    /// <summary>Every state since the object was built, the random first one included.</summary>
    public IReadOnlyList<Tensor> HiddenStates => history;

    /// <summary>Takes one step from the last state of the history; e is (1, I), the new state (1, H).</summary>
    public Tensor Forward(Tensor e)
    {
        CheckInput.Shape(nameof(e), e, [1, We.shape[0]], "the RNN");
        CheckInput.Shape("the first state", history[^1], [1, Wh.shape[0]], "the RNN");
        using var scope = NewDisposeScope();
        // h_t = tanh(h_{t−1} wh + tanh(e we))
        var h = tanh(mm(history[^1], Wh).Plus(tanh(mm(e, We))));
        history.Add(h.DetachFromDisposeScope());
        return h;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        history.ForEach(h => h.Dispose());
        We.Dispose();
        Wh.Dispose();
    }
}
