using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Scratch;

/// <summary>
/// An Elman RNN over raw <c>Parameter</c> tensors and matrix products, after document 002's first form.
/// It stands wherever <c>nn.RNN</c> stands: the same options, results and parameter names.
/// </summary>
public sealed class ParameterRnn : ElmanRnn
{
    /// <summary>Builds the RNN; its weights are drawn uniformly from ±1/√H, in nn.RNN's order.</summary>
    /// <param name="options">What nn.RNN is built with.</param>
    /// <exception cref="ArgumentException">An option is invalid; the message names it.</exception>
    public ParameterRnn(RnnOptions options)
        : base(nameof(ParameterRnn), options)
    {
        RegisterWeights();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
    {
        var (W_ih, W_hh, b_ih, b_hh) = Weights(suffix);
        Tensor project(Tensor x) => Affine(x, W_ih, b_ih);
        if (InPlace(project, x, W_hh, b_hh, h_0, reverse) is { } all)
            return all;
        var turns = TurnsOf(project, x, h_0, reverse);
        var (states, h, φ) = (new List<Tensor>(), h_0, Options.ActivationInPlace);
        for (var i = 0; i < turns.Count; i++)
            // h_t = φ(W_hh h_{t−1} + b_hh + g_t), where g_t = W_ih x_t + b_ih
            states.Add(h = φ(Affine(turns.Previous(h, i), W_hh, b_hh).PlusInPlace(turns.G(i))));
        return states;
    }

    // W x + b for every row x of X: X Wᵀ + b; of three dimensions is a sequence that is not contiguous
    private static Tensor Affine(Tensor X, Tensor W, Tensor? b) =>
        X.dim() == 3 ? functional.linear(X, W, b)
        : b is null ? X.mm(W.t())
        : b.addmm(X, W.t());
}
