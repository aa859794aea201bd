using System.Runtime.InteropServices;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Exact;
using static TorchSharp.torch;

namespace Rnn.Parity.Mutants;

/// <summary>Certifies the quantities of a run by a derived bound.</summary>
public delegate Finding Certify(RnnCase c, CaseTensors tensors, Quantities quantities);

/// <summary>
/// STAND-IN until there is Certified.Certification.Of, of the same signature; <see cref="KillMatrix"/> alone refers to it.
/// The bound is that of <see cref="GradientBounds"/>, carried over all steps instead of step by step.
/// </summary>
internal static class StandIn
{
    /// <summary>Whether every element lies within twice the bound of another run's value.</summary>
    public static Finding Of(RnnCase c, CaseTensors tensors, Quantities quantities)
    {
        using var scope = NewDisposeScope();
        var worst = 0.0;
        foreach (var (name, (value, bound)) in GradientBounds.Of(c, tensors))
        {
            if (!quantities.TryGetValue(name, out var actual) || !actual.shape.SequenceEqual(value.shape))
                return new(Evidence.Differs, name) { Explanation = $"{name} is missing or misshapen" };
            foreach (var (a, v, b) in Values(actual).Zip(Values(value), Values(bound)))
                worst = Math.Max(
                    worst,
                    a == v ? 0
                        : double.IsNaN(a) ? double.PositiveInfinity
                        : Math.Abs(a - v) / (2 * b)
                );
        }
        return new(worst <= 1 ? Evidence.Certified : Evidence.Differs, "every quantity") { BoundRatio = worst };
    }

    private static double[] Values(Tensor tensor) =>
        MemoryMarshal.Cast<byte, double>(tensor.type(ScalarType.Float64).contiguous().bytes).ToArray();
}
