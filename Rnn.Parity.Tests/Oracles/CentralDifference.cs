using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Oracles;

/// <summary>
/// (ℓ(θ + h) − ℓ(θ − h)) / 2h for one number θ of a tanh case in float64, how far it can be from ℓ'(θ), and the step h that
/// makes this bound small.
/// </summary>
/// <param name="Step">h, a power of two.</param>
/// <param name="Value">The difference quotient.</param>
/// <param name="Bound">h² M₃ / 6 + the error of evaluating ℓ / h + that of the subtraction.</param>
public sealed record CentralDifference(double Step, double Value, double Bound)
{
    // θ stays within this of its value, and M₃ bounds |ℓ'''| there. Any would do: the steps are far smaller.
    private const double reach = 1.0 / 16;

    /// <summary>Takes the difference quotient.</summary>
    /// <param name="c">A tanh case in float64.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="name">The tensor that holds θ: input, h_0, weight_ih_l0, …</param>
    /// <param name="element">θ's place in it, row-major.</param>
    /// <param name="loss">⟨grad_output, output⟩ + ⟨grad_h_n, h_n⟩ as the implementation evaluates it.</param>
    public static CentralDifference Of(
        RnnCase c,
        CaseTensors tensors,
        string name,
        long element,
        Func<CaseTensors, double> loss
    )
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(loss);
        if (c.Options is not { NonLinearity: NonLinearities.Tanh, Dtype: ScalarType.Float64 })
            throw new ArgumentException($"the case is {c}, tanh in Float64 is expected");
        var M_3 = ThirdDerivative(c, tensors, name, element);
        // h² M₃ / 6 + ε / h is least at h = (3ε / M₃)^⅓
        var ε = GradientBounds.OfLoss(c, CaseArrays.Of(c, tensors));
        var h = Math.Min(reach, Math.ScaleB(1, (int)Math.Round(Math.Log2(Math.Cbrt(3 * ε / M_3)))));

        var (above, below) = (Shift.Of(tensors, name, element, h), Shift.Of(tensors, name, element, -h));
        var difference = loss(above) - loss(below);
        var evaluation = Above.Plus(
            GradientBounds.OfLoss(c, CaseArrays.Of(c, above)),
            GradientBounds.OfLoss(c, CaseArrays.Of(c, below))
        );
        // the subtraction rounds by at most u |difference|; the division by a power of two does not
        evaluation = Above.Plus(evaluation, Above.Times(Math.ScaleB(1, -53), Math.Abs(difference)));
        var truncation = Math.BitIncrement(Above.Times(h * h, M_3) / 6);
        return new(h, difference / (2 * h), Above.Plus(truncation, evaluation / (2 * h)));
    }

    private static double ThirdDerivative(RnnCase c, CaseTensors tensors, string name, long element)
    {
        var n = new Jets();
        var given = CaseArrays.Of(c, tensors).ToDictionary(g => g.Key, g => CaseArrays.Map(g.Value, n.Given));
        // A tensor whose one nonzero element is θ finds θ's place among the arrays.
        using var scope = NewDisposeScope();
        var marked = CaseArrays.Of(c, Shift.Mark(tensors, name, element))[name];
        var values = CaseArrays.Of(c, tensors)[name];
        for (var i = 0; i < marked.GetLength(0); i++)
        for (var j = 0; j < marked.GetLength(1); j++)
        for (var k = 0; k < marked.GetLength(2); k++)
            if (marked[i, j, k] != 0)
                given[name][i, j, k] = Jets.Variable(values[i, j, k], reach);
        return GradientBounds.Loss(c, n, given).D3;
    }
}
