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
        // transposed once; for gradients once a step, as nn.RNN has it: second-order ones are summed in that order
        var once = is_grad_enabled() ? null : W_hh.t();
        var φ = Options.ActivationInPlace;
        // g_t = W_ih x_t + b_ih; of three dimensions is a sequence that does not lie in memory as one matrix
        var (steps, g) = Projections(
            x => x.dim() == 3 ? functional.linear(x, W_ih, b_ih) : Affine(x, W_ih.t(), b_ih),
            x,
            reverse
        );
        var (states, h) = (new Tensor[steps.Length], h_0);
        for (var i = 0; i < steps.Length; i++)
            // h_t = φ(W_hh h_{t−1} + b_hh + g_t), in place of the first sum
            states[i] = h = φ(Affine(Previous(h, steps[i], h_0), once ?? W_hh.t(), b_hh).PlusInPlace(g(i)));
        return states;
    }

    // W x + b for every row x of X: X Wᵀ + b
    private static Tensor Affine(Tensor X, Tensor WT, Tensor? b) => b is null ? X.mm(WT) : b.addmm(X, WT);
}
