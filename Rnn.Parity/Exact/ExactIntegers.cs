using System.Numerics;
using static TorchSharp.torch;

namespace Rnn.Parity.Exact;

/// <summary>An integer, and Σ|terms| of the sum that it came from.</summary>
/// <param name="Value">The integer itself.</param>
/// <param name="Magnitude">No partial sum of its terms, in any order, is greater in magnitude.</param>
public readonly record struct ExactInteger(BigInteger Value, BigInteger Magnitude);

/// <summary>Integers of any length and relu. Keeps the greatest Σ|terms| of all sums.</summary>
public sealed class ExactIntegers : Arithmetic<ExactInteger>
{
    /// <summary>The greatest Σ|terms| of any sum so far.</summary>
    public BigInteger Greatest { get; private set; }

    /// <summary>Where that sum stands.</summary>
    public string Place { get; private set; } = "nowhere";

    /// <summary>
    /// 2^p of a type with p significant bits: every integer up to it is representable, so a sum whose partial sums stay
    /// within it does not round.
    /// </summary>
    public static int SignificantBits(ScalarType dtype) =>
        dtype switch
        {
            ScalarType.Float64 => 53,
            ScalarType.Float32 => 24,
            ScalarType.Float16 => 11,
            ScalarType.BFloat16 => 8,
            _ => throw new ArgumentException($"dtype is {dtype}, a floating-point type is expected"),
        };

    /// <summary>Why some order of summation could round in this type; null if none can.</summary>
    public string? Refuses(ScalarType dtype)
    {
        var bits = SignificantBits(dtype);
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
        return Noted(new((BigInteger)value, BigInteger.Abs((BigInteger)value)), "the given tensors");
    }

    /// <inheritdoc/>
    public override ExactInteger Product(ExactInteger a, ExactInteger b) =>
        new(a.Value * b.Value, BigInteger.Abs(a.Value * b.Value));

    /// <inheritdoc/>
    public override ExactInteger Sum(IReadOnlyCollection<ExactInteger> terms, string place)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var (value, magnitude) = (BigInteger.Zero, BigInteger.Zero);
        foreach (var term in terms)
        {
            value += term.Value;
            magnitude += term.Magnitude;
        }
        return Noted(new(value, magnitude), place);
    }

    /// <inheritdoc/>
    public override ExactInteger Activation(ExactInteger a)
    {
        var h = BigInteger.Max(a.Value, 0);
        return new(h, h);
    }

    /// <inheritdoc/>
    public override ExactInteger Slope(ExactInteger h) => h.Value > 0 ? new(BigInteger.One, BigInteger.One) : default;

    private ExactInteger Noted(ExactInteger number, string place)
    {
        if (number.Magnitude > Greatest)
            (Greatest, Place) = (number.Magnitude, place);
        return number;
    }
}
