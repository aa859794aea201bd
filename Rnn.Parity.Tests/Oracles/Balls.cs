using Rnn.Parity.Exact;
using Rnn.Parity.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Oracles;

/// <summary>A value as one run has it, and how far any run can be from the exact one.</summary>
/// <param name="Value">This run's value.</param>
/// <param name="Error">|v − exact| is at most this for the value v of any run, this one included.</param>
/// <param name="Magnitude">|v| is at most this for any run's v and the exact one.</param>
internal readonly record struct Ball(double Value, double Error, double Magnitude);

/// <summary>
/// Numbers with a running error bound that holds for every run in the given type, whatever the order of its sums and
/// whether it fuses multiplications with additions. docs/backward.md derives each line.
/// </summary>
/// <param name="nonLinearity">φ.</param>
/// <param name="dtype">The type that the runs compute in.</param>
internal sealed class Balls(NonLinearities nonLinearity, ScalarType dtype) : Arithmetic<Ball>
{
    // The unit roundoff 2^−p.
    private readonly double u = Math.ScaleB(1, -FloatFormat.Of(dtype).SignificantBits);

    // At least the error of a product that underflows.
    private readonly double η = dtype switch
    {
        ScalarType.Float64 => double.Epsilon,
        ScalarType.Float32 => float.Epsilon,
        ScalarType.BFloat16 => Math.ScaleB(1, -133),
        _ => Math.ScaleB(1, -24),
    };

    /// <inheritdoc/>
    public override Ball Given(double value) => new(value, 0, Math.Abs(value));

    /// <inheritdoc/>
    public override Ball Product(Ball a, Ball b) =>
        new(
            a.Value * b.Value,
            // |a' b' − a b| ≤ |a'| |b' − b| + |b| |a' − a|
            Above.Plus(Above.Times(a.Magnitude, b.Error), Above.Times(b.Magnitude, a.Error)),
            Above.Times(a.Magnitude, b.Magnitude)
        );

    /// <inheritdoc/>
    public override Ball Sum(IReadOnlyCollection<Ball> terms, SumPlace place)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var (value, error, magnitude) = (0.0, 0.0, 0.0);
        foreach (var term in terms)
        {
            value += term.Value;
            error = Above.Plus(error, term.Error);
            magnitude = Above.Plus(magnitude, term.Magnitude);
        }
        // a product and n − 1 additions round each of the n terms at most n times
        error = Above.Plus(error, Above.Times(Above.Gamma(terms.Count, u), magnitude));
        return Within(value, Above.Plus(error, Above.Times(terms.Count, η)));
    }

    /// <inheritdoc/>
    public override Ball Activation(Ball a, SumPlace place) => nonLinearity == NonLinearities.Tanh ? Tanh(a) : Relu(a);

    /// <inheritdoc/>
    public override Ball Slope(Ball h) =>
        nonLinearity == NonLinearities.Tanh
            // 1 − h², two terms
            ? Sum([Given(1), Product(h with { Value = -h.Value }, h)], new("φ'"))
            : Given(h.Value > 0 ? 1 : 0);

    private Ball Tanh(Ball a)
    {
        var h = Math.Tanh(a.Value);
        // tanh's own error is relative, and |tanh a| ≤ min(1, |a|)
        var own = Above.Plus(Above.Times(TanhAccuracy.Roundings * u, Math.Min(1, a.Magnitude)), η);
        // where both arguments can be, |tanh| is at least this, and the slope at most 1 minus its square
        var least = Math.Max(0, Math.BitDecrement(Math.Abs(h) - Above.Plus(own, 2 * a.Error)));
        var slope = Math.Min(1, Math.BitIncrement(1 - Math.Max(0, Math.BitDecrement(least * least))));
        return Within(h, Above.Plus(own, Above.Times(slope, a.Error)));
    }

    private static Ball Relu(Ball a) =>
        Math.Abs(a.Value) > 2 * a.Error || a.Error == 0
            ? (a.Value > 0 ? a : default)
            : throw new ArgumentException(
                FormattableString.Invariant(
                    $"relu's argument is {a.Value} ± {2 * a.Error}: whether it is positive is open"
                )
            );

    private static Ball Within(double value, double error) => new(value, error, Above.Plus(Math.Abs(value), 2 * error));
}
