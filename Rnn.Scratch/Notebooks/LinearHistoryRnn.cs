using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rnn.Scratch.Notebooks;

/// <summary>
/// Document 003, its second object: two nn.Linear and a history that starts at random and is never reset, so that a
/// second sequence begins where the first one ended.
/// <para>h_t = tanh((W_h h_{t−1} + b_h) + (W_e e + b_e))</para>
/// </summary>
public sealed class LinearHistoryRnn : IDisposable
{
    private readonly List<Tensor> history = [];

    /// <summary>Draws the first state (1, H) from a normal distribution, then nn.Linear's starts for We and Wh.</summary>
    public LinearHistoryRnn(long inputs, long neurons)
    {
        CheckInput.Size(nameof(inputs), inputs);
        CheckInput.Size(nameof(neurons), neurons);
        history.Add(randn(1, neurons));
        We = nn.Linear(inputs, neurons);
        Wh = nn.Linear(neurons, neurons);
    }

    /// <summary>The embedding's map, I to H.</summary>
    public Linear We { get; }

    /// <summary>The state's map, H to H.</summary>
    public Linear Wh { get; }

    /// <summary>Every state since the object was built, the random first one included.</summary>
    public IReadOnlyList<Tensor> HiddenStates => history;

    /// <summary>Takes one step from the last state of the history; e is (1, I), the new state (1, H).</summary>
    public Tensor Forward(Tensor e)
    {
        CheckInput.Shape(nameof(e), e, [1, We.get_parameter("weight")!.shape[1]], "the RNN");
        using var scope = NewDisposeScope();
        // h_t = tanh((W_h h_{t−1} + b_h) + (W_e e + b_e))
        var h = tanh(Wh.call(history[^1]).Plus(We.call(e)));
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
