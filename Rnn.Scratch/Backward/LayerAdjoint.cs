using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Scratch.Backward;

/// <summary>
/// The adjoint of one layer in one direction: the gradients of what it read, of h_0, and of its weights; both biases have
/// the same. For a quantity v and the loss ℓ, v_bar is ∂ℓ/∂v, shaped as v; a_t is what φ is applied to, h_t = φ(a_t).
/// </summary>
/// <param name="States">(T, B, H), in the order of computation: h_bar_t, by every way.</param>
/// <param name="X">(T, B, I), in the order of computation.</param>
/// <param name="H_0">(B, H).</param>
/// <param name="W_ih">(H, I).</param>
/// <param name="W_hh">(H, H).</param>
/// <param name="B">(H).</param>
internal sealed record LayerAdjoint(Tensor States, Tensor X, Tensor H_0, Tensor W_ih, Tensor W_hh, Tensor B)
{
    /// <summary>Runs the adjoint recurrence from the last step to the first.</summary>
    /// <param name="trace">What the layer read and computed.</param>
    /// <param name="W_ih">Its input's weight, (H, I).</param>
    /// <param name="W_hh">Its state's weight, (H, H).</param>
    /// <param name="φ">Its nonlinearity.</param>
    /// <param name="grad_states">(T, B, H): ∂ℓ/∂h_t by every way but the next step, in the order of computation.</param>
    /// <param name="grad_last">(B, H): ∂ℓ/∂h_n.</param>
    public static LayerAdjoint Of(
        LayerTrace trace,
        Tensor W_ih,
        Tensor W_hh,
        NonLinearities φ,
        Tensor grad_states,
        Tensor grad_last
    )
    {
        var h_bars = grad_states.clone();
        var (a_bars, multiply) = Slopes(trace.States, φ);
        var (h_bar, a_bar) = (h_bars.unbind(0), a_bars.unbind(0));
        for (var t = h_bar.Length - 1; t >= 0; t--)
        {
            // h_bar_t = y_bar_t + W_hhᵀ a_bar_{t+1}, in place of y_bar_t; after the last step stands the gradient of h_n
            _ = t == h_bar.Length - 1 ? h_bar[t].PlusInPlace(grad_last) : h_bar[t].addmm_(a_bar[t + 1], W_hh, 1, 1);
            // a_bar_t = φ'(a_t) ∘ h_bar_t, in place of φ'(a_t)
            multiply(a_bar[t], h_bar[t], t);
        }
        return Products(trace, W_ih, h_bars, a_bars, h_0_bar: a_bar[0].mm(W_hh));
    }

    // φ'(a_t) for every step, from h_t = φ(a_t), and how it is multiplied by h_bar_t
    private static (Tensor slopes, Action<Tensor, Tensor, int> multiply) Slopes(Tensor h, NonLinearities φ)
    {
        // tanh'(a) = 1 − tanh(a)²
        if (φ == NonLinearities.Tanh)
            return (Scalars.OneMinus(h * h), static (slope, v, _) => slope.mul_(v));
        // relu'(a) = 1 where a > 0, which is where h > 0, else 0, also at 0: of no v is there anything left then
        var off = h.le(Scalars.Zero).unbind(0);
        return (empty_like(h), (a_bar, v, t) => a_bar.copy_(v).masked_fill_(off[t], Scalars.Zero));
    }

    // Each sum over steps and sequences is one product, over the T·B rows of A = (a_bar_1 … a_bar_T).
    private static LayerAdjoint Products(LayerTrace trace, Tensor W_ih, Tensor h_bar, Tensor a_bar, Tensor h_0_bar)
    {
        var A = Rows(a_bar);
        var At = A.t();
        return new LayerAdjoint(
            h_bar,
            // x_bar_t = W_ihᵀ a_bar_t
            A.mm(W_ih).view(trace.X.shape),
            // h_bar_0 = W_hhᵀ a_bar_1
            h_0_bar,
            // W_ih_bar = Σ_t a_bar_t x_tᵀ
            At.mm(Rows(trace.X)),
            // W_hh_bar = Σ_t a_bar_t h_{t−1}ᵀ
            At.mm(Rows(trace.Previous)),
            // b_bar = Σ_t a_bar_t
            A.sum(dim: 0)
        );
    }

    private static Tensor Rows(Tensor steps) => steps.flatten(0, 1);
}
