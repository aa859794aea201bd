using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Scratch;

/// <summary>
/// An Elman RNN as a pure step function and a plain loop that keeps every hidden state, after document 003.
/// It stands wherever <c>nn.RNN</c> stands: the same options, results and parameter names.
/// </summary>
public sealed class StepLoopRnn : ElmanRnn
{
    /// <summary>Builds the RNN; its weights are drawn uniformly from ±1/√H, in nn.RNN's order.</summary>
    /// <param name="options">What nn.RNN is built with.</param>
    /// <exception cref="ArgumentException">An option cannot be; the sentence names it.</exception>
    public StepLoopRnn(RnnOptions options)
        : base(nameof(StepLoopRnn), options)
    {
        RegisterWeights();
    }

    // h_t = φ(W_hh h_{t−1} + b_hh + g_t), in place of the first sum, where g_t = W_ih x_t + b_ih
    private static Tensor Step(Turns turns, int i, Tensor h, ElmanWeights w, Func<Tensor, Tensor> φ) =>
        φ((turns.Sum(h, i) ?? functional.linear(turns.Previous(h, i), w.W_hh, w.B_hh)).PlusInPlace(turns.G(i)));

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
    {
        var (w, φ) = (Weights(suffix), Options.ActivationInPlace);
        var turns = TurnsOf(x => functional.linear(x, w.W_ih, w.B_ih), w.W_hh, w.B_hh, x, h_0, reverse);
        for (var (i, h) = (0, h_0); i < turns.Count; i++)
            h = turns.Keep(i, Step(turns, i, h, w, φ));
        return turns.States;
    }
}
