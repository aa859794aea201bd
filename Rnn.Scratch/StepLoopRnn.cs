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
    /// <exception cref="ArgumentException">An option is invalid; the message names it.</exception>
    public StepLoopRnn(RnnOptions options)
        : base(nameof(StepLoopRnn), options)
    {
        RegisterWeights();
    }

    // h_t = φ(W_hh h_{t−1} + b_hh + g_t), where g_t = W_ih x_t + b_ih
    private static Tensor Step(Func<int, Tensor> g, int i, Tensor h, ElmanWeights w, Func<Tensor, Tensor> φ) =>
        φ(functional.linear(h, w.W_hh, w.B_hh).PlusInPlace(g(i)));

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
    {
        var (w, φ) = (Weights(suffix), Options.ActivationInPlace);
        Tensor project(Tensor x) => functional.linear(x, w.W_ih, w.B_ih);
        if (InPlace(project, x, w.W_hh, w.B_hh, h_0, reverse) is { } all)
            return all;
        var turns = TurnsOf(project, x, h_0, reverse);
        var hiddenStates = new List<Tensor> { h_0 };
        for (var i = 0; i < turns.Count; i++)
            hiddenStates.Add(Step(turns.G, i, turns.Previous(hiddenStates[^1], i), w, φ));
        return hiddenStates[1..];
    }
}
