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
    /// <exception cref="ArgumentException">An option cannot be; the sentence names it.</exception>
    public ParameterRnn(RnnOptions options)
        : base(nameof(ParameterRnn), options)
    {
        RegisterWeights();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
    {
        var (W_ih, W_hh, b_ih, b_hh) = Weights(suffix);
        // g_t = W_ih x_t + b_ih; of three dimensions is a sequence that does not lie in memory as one matrix
        var turns = TurnsOf(
            x => x.dim() == 3 ? functional.linear(x, W_ih, b_ih) : Affine(x, W_ih, b_ih),
            W_hh,
            b_hh,
            x,
            h_0,
            reverse
        );
        var (h, φ) = (h_0, Options.ActivationInPlace);
        for (var i = 0; i < turns.Count; i++)
        {
            // h_t = φ(W_hh h_{t−1} + b_hh + g_t), in place of the first sum
            var z = turns.Sum(h, i) ?? Affine(turns.Previous(h, i), W_hh, b_hh);
            h = turns.Keep(i, φ(z.PlusInPlace(turns.G(i))));
        }
        return turns.States;
    }

    // W x + b for every row x of X: X Wᵀ + b
    private static Tensor Affine(Tensor X, Tensor W, Tensor? b) => b is null ? X.mm(W.t()) : b.addmm(X, W.t());
}
