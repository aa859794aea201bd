using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Training;

/// <summary>Stochastic gradient descent, as PyTorch defines it, over plain tensors.</summary>
public static class Sgd
{
    /// <summary>Scales all gradients together so that their norm is at most c.</summary>
    /// <remarks>
    /// g ← g · min(1, c / (‖g‖ + 10⁻⁶)), where ‖g‖² is the sum over all elements of all gradients. The 10⁻⁶ is part of the
    /// definition of torch.nn.utils.clip_grad_norm_.
    /// </remarks>
    /// <param name="gradients">g, of any shapes; they stay as they are.</param>
    /// <param name="c">The greatest norm.</param>
    /// <returns>The scaled gradients, in the caller's dispose scope, and ‖g‖ before.</returns>
    public static (IReadOnlyList<Tensor> clipped, double norm) Clip(IEnumerable<Tensor> gradients, double c)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        using var scope = NewDisposeScope();
        var g = gradients.ToList();
        var norm = stack(g.Select(x => x.norm())).norm().type(ScalarType.Float64).item<double>();
        var coefficient = Math.Min(1, c / (norm + 1e-6));
        return (g.ConvertAll(x => x.Times(coefficient).MoveToOuterDisposeScope()), norm);
    }

    /// <summary>Takes one step with momentum, in place.</summary>
    /// <remarks>v ← μ v + g and θ ← θ − lr v, as torch.optim.SGD without dampening; v is zero before the first step.</remarks>
    /// <param name="θ">The weights.</param>
    /// <param name="v">Their velocities, shaped as the weights.</param>
    /// <param name="g">Their gradients, shaped as the weights.</param>
    /// <param name="lr">The learning rate.</param>
    /// <param name="μ">The momentum.</param>
    public static void Step(
        IReadOnlyList<Tensor> θ,
        IReadOnlyList<Tensor> v,
        IReadOnlyList<Tensor> g,
        double lr,
        double μ
    )
    {
        ArgumentNullException.ThrowIfNull(θ);
        ArgumentNullException.ThrowIfNull(v);
        ArgumentNullException.ThrowIfNull(g);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        for (var i = 0; i < θ.Count; i++)
        {
            v[i].copy_(v[i].Times(μ).Plus(g[i]));
            θ[i].copy_(θ[i].Plus(v[i], -lr));
        }
    }
}
