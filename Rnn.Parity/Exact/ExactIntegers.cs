using System.Numerics;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Exact;

/// <summary>An integer, and Σ|terms| of the sum that it came from.</summary>
/// <param name="Value">The integer itself.</param>
/// <param name="Magnitude">No partial sum of its terms, in any order, is greater in magnitude.</param>
/// <param name="IsReluOfZero">Whether it is relu(0), where relu has no derivative.</param>
internal readonly record struct ExactInteger(BigInteger Value, BigInteger Magnitude, bool IsReluOfZero = false);

/// <summary>
/// Integers of any length, with relu or with tanh where it is exact: at 0, and from a threshold on, where it is ±1. Keeps the
/// greatest Σ|terms| of all sums. Theorems 1 and 2 of docs/exact.md say what that proves.
/// </summary>
/// <param name="nonLinearity">φ.</param>
/// <param name="threshold">The magnitude from which tanh is ±1; relu needs none.</param>
/// <param name="reluSlopeAtZero">What is taken for relu'(0): 0, as libtorch has it, or 1, as cuDNN has it.</param>
/// <param name="sloped">The layer and direction in which it is so, by the ending of its weights' names; null for all.</param>
internal sealed class ExactIntegers(
    NonLinearities nonLinearity = NonLinearities.ReLU,
    int threshold = 0,
    int reluSlopeAtZero = 0,
    string? sloped = null
) : Arithmetic<ExactInteger>
{
    // The first argument at which tanh is not exact, and where it stands.
    private string? inexact;

    /// <summary>The greatest Σ|terms| of any sum so far.</summary>
    public BigInteger Greatest { get; private set; }

    /// <summary>Where that sum stands.</summary>
    public SumPlace Place { get; private set; } = new("nothing");

    /// <summary>Why tanh or some order of summation could round in this type; null if nothing can.</summary>
    public string? Refuses(ScalarType dtype)
    {
        if (inexact is not null)
            return inexact;
        // every integer up to 2^bits is representable, so that a sum whose partial sums stay within it does not round
        var bits = FloatFormat.Of(dtype).SignificantBits;
        return Greatest <= BigInteger.One << bits
            ? null
            : $"the terms of {Place} have magnitudes that add up to {Greatest}, at most 2^{bits} is exact in {dtype}";
    }

    /// <inheritdoc/>
    public override ExactInteger Given(double value)
    {
        if (!double.IsInteger(value))
            throw new ArgumentException(
                FormattableString.Invariant($"the case contains {value}, the oracle expects integers")
            );
        return Noted(Given((BigInteger)value), new("the given tensors"));
    }

    /// <inheritdoc/>
    public override ExactInteger Product(ExactInteger a, ExactInteger b) => Given(a.Value * b.Value);

    /// <inheritdoc/>
    public override ExactInteger Sum(IReadOnlyCollection<ExactInteger> terms, SumPlace place)
    {
        var (value, magnitude) = (BigInteger.Zero, BigInteger.Zero);
        foreach (var term in terms)
        {
            value += term.Value;
            magnitude += term.Magnitude;
        }
        return Noted(new(value, magnitude), place);
    }

    /// <inheritdoc/>
    public override ExactInteger Activation(ExactInteger a, SumPlace place)
    {
        if (nonLinearity == NonLinearities.ReLU)
            return Given(BigInteger.Max(a.Value, 0)) with
            {
                IsReluOfZero = a.Value.IsZero && (sloped is null || place.Suffix == sloped),
            };
        if (!a.Value.IsZero && BigInteger.Abs(a.Value) < threshold)
            inexact ??=
                $"{place} is {a.Value}, where tanh is not exact; 0 or at least {threshold} in magnitude is expected";
        return Given(a.Value.Sign);
    }

    /// <inheritdoc/>
    public override ExactInteger Slope(ExactInteger h) =>
        nonLinearity == NonLinearities.ReLU
            ? Given(h.IsReluOfZero ? reluSlopeAtZero : h.Value.Sign)
            // 1 − h², which is 1 at h = 0 and 0 at h = ±1
            : Given(1 - h.Value * h.Value);

    private static ExactInteger Given(BigInteger value) => new(value, BigInteger.Abs(value));

    private ExactInteger Noted(ExactInteger number, SumPlace place)
    {
        if (number.Magnitude > Greatest)
            (Greatest, Place) = (number.Magnitude, place);
        return number;
    }
}
