using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>
/// 004 has one bias b where nn.RNN has two: the same function for b = b_ih + b_hh, and ∂/∂b = ∂/∂b_ih = ∂/∂b_hh.
/// Shown exactly, in two cases in which nothing rounds.
/// </summary>
/// <remarks>
/// Saturated: integers with |z| ≥ 20, where tanh is ±1 in float32, so that the states are a pattern of signs.
/// At zero: W_ih x_t + b = 0 and h_0 = 0, where tanh is 0 and its slope 1, so that every gradient is an integer.
/// </remarks>
public static class SingleBias
{
    private const int I = 2;
    private const int H = 2;
    private static readonly float[] weights = [3, -2, 1, 4];
    private static readonly float[] recurrent = [1, -1, 2, 1];
    private static readonly float[] saturating = [8, -9, 20, 9, -10, 12, -20, -9];

    // W_ih x = (3, 15), which the biases (−4, −10) + (1, −5) cancel.
    private static readonly float[] cancelling = [3, 3, 3, 3, 3, 3, 3, 3];

    /// <summary>What 004's cell and nn.RNN made of one case.</summary>
    /// <param name="Ours">The cell's states, (T, H).</param>
    /// <param name="Reference">The output of nn.RNN, (T, H).</param>
    /// <param name="B">The gradient of the cell's one bias, (H).</param>
    /// <param name="B_ih">The gradient of b_ih, (H).</param>
    /// <param name="B_hh">The gradient of b_hh, (H).</param>
    public sealed record Pair(Tensor Ours, Tensor Reference, Tensor B, Tensor B_ih, Tensor B_hh);

    /// <summary>Establishes the equality of states and gradients, and the difference in parameters.</summary>
    public static Finding Establish()
    {
        using var scope = NewDisposeScope();
        return Establish(
            saturated: Run(saturating, b_ih: [1, -2], b_hh: [2, 1]),
            atZero: Run(cancelling, b_ih: [-4, -10], b_hh: [1, -5])
        );
    }

    /// <summary>Whether the states are equal in both cases, and the three gradients where they are not zero.</summary>
    public static Finding Establish(Pair saturated, Pair atZero)
    {
        ArgumentNullException.ThrowIfNull(saturated);
        ArgumentNullException.ThrowIfNull(atZero);
        var sameFunction = Same(saturated.Ours, saturated.Reference) && Same(atZero.Ours, atZero.Reference);
        var sameGradient = Same(atZero.B, atZero.B_ih) && Same(atZero.B, atZero.B_hh);
        var gradient = string.Join(", ", atZero.B.unbind().Select(unit => unit.item<float>()));
        return DifferenceChecks.Proven(
            sameFunction && sameGradient,
            $"004 has one bias where nn.RNN has two: the same function (exact) for b = b_ih + b_hh; all three have the gradient ({gradient})"
        );
    }

    private static Pair Run(float[] input, float[] b_ih, float[] b_hh)
    {
        var x = tensor(input, [input.Length / I, I]);
        using var ours = new OutputHeadRnn(I, H, 1);
        using var reference = RNN(I, H);
        var (W_ih, W_hh) = (tensor(weights, [H, I]), tensor(recurrent, [H, H]));
        reference.load_state_dict(
            new()
            {
                ["weight_ih_l0"] = W_ih,
                ["weight_hh_l0"] = W_hh,
                ["bias_ih_l0"] = tensor(b_ih),
                ["bias_hh_l0"] = tensor(b_hh),
            }
        );
        var state = ours.state_dict();
        state["W_ih"] = W_ih;
        state["W_hh"] = W_hh;
        state["b_ih"] = tensor(b_ih).Plus(tensor(b_hh));
        ours.load_state_dict(state);

        var h = zeros(H);
        var states = x.unbind(0).Select(x_t => h = ours.call(x_t, h).Item2).ToList();
        var expected = reference.call(x.unsqueeze(1)).Item1;
        var loss = stack(states).sum();
        var b = Gradients.OfAll([loss], [ours.get_parameter("b_ih")!])[0];
        var both = Gradients.OfAll(
            [expected.sum()],
            [reference.get_parameter("bias_ih_l0")!, reference.get_parameter("bias_hh_l0")!]
        );
        return new(stack(states).detach(), expected.squeeze(1).detach(), b, both[0], both[1]);
    }

    private static bool Same(Tensor a, Tensor b) => TensorComparison.Compare("", a, b) is null;
}
