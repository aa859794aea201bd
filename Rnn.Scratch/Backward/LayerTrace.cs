using static TorchSharp.torch;

namespace Rnn.Scratch.Backward;

/// <summary>What one layer read and computed in one direction, step by step in the order of computation.</summary>
/// <param name="X">(T, B, I), or (T, B, D·H) above the first layer: x_1 … x_T, or x_T … x_1 in reverse.</param>
/// <param name="H">(T + 1, B, H): h_0, then the state after each step.</param>
public sealed record LayerTrace(Tensor X, Tensor H)
{
    /// <summary>(T, B, H): what each step made.</summary>
    internal Tensor States => H.narrow(0, 1, X.shape[0]);

    /// <summary>(T, B, H): what each step began with.</summary>
    internal Tensor Previous => H.narrow(0, 0, X.shape[0]);

    /// <summary>Runs one layer in one direction over x, (T, B, I) in the order of time, and keeps every state.</summary>
    internal static LayerTrace Of(RnnOptions options, ElmanWeights w, Tensor x, Tensor h_0, bool reverse)
    {
        // g_t = W_ih x_t + b_ih
        Tensor[] g =
            options.Order == EvaluationOrder.PerStep
                ? [.. x.unbind(0).Select(x_t => Affine(x_t, w.W_ih, w.B_ih))]
                : ProjectSequence(x, w).unbind(0);
        var states = new List<Tensor> { h_0 };
        foreach (var g_t in reverse ? g.Reverse() : g)
        {
            // h_t = φ(W_hh h_{t−1} + b_hh + g_t)
            states.Add(options.Activation(Affine(states[^1], w.W_hh, w.B_hh) + g_t));
        }
        return new LayerTrace(reverse ? x.flip(0) : x.detach(), stack(states, 0));
    }

    // One product for the whole sequence, with the bias inside it where the sequence is contiguous, as the forward pass.
    private static Tensor ProjectSequence(Tensor x, ElmanWeights w) =>
        x.is_contiguous()
            ? Affine(x.view(x.shape[0] * x.shape[1], x.shape[2]), w.W_ih, w.B_ih)
                .view(x.shape[0], x.shape[1], w.W_hh.shape[0])
            : Affine(x, w.W_ih, w.B_ih);

    // W x + b for every row x of X: X Wᵀ + b
    private static Tensor Affine(Tensor X, Tensor W, Tensor? b) =>
        b is null ? X.matmul(W.t())
        : X.dim() == 2 ? b.addmm(X, W.t())
        : X.matmul(W.t()) + b;
}
