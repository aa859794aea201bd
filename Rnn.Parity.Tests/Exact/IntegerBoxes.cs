using System.Numerics;
using Rnn.Parity.Exact;

namespace Rnn.Parity.Tests.Exact;

/// <summary>The integers from Low to High, and what the Σ|terms| of the sum that they came from can be at most.</summary>
internal readonly record struct IntegerBox(BigInteger Low, BigInteger High, BigInteger Magnitude)
{
    /// <summary>The integers from one to another.</summary>
    public static IntegerBox Between(BigInteger low, BigInteger high) =>
        new(low, high, BigInteger.Max(BigInteger.Abs(low), BigInteger.Abs(high)));
}

/// <summary>
/// Intervals of integers with relu: what holds for them holds for every choice of numbers from them. Theorem 4 of docs/exact.md.
/// </summary>
internal sealed class IntegerBoxes : Arithmetic<IntegerBox>
{
    /// <summary>The first argument of relu whose sign is open, with its place; null if every sign is known.</summary>
    public string? Open { get; private set; }

    /// <summary>The greatest Σ|terms| that any sum can have.</summary>
    public BigInteger Greatest { get; private set; }

    /// <inheritdoc/>
    public override IntegerBox Given(double value) => IntegerBox.Between((BigInteger)value, (BigInteger)value);

    /// <inheritdoc/>
    public override IntegerBox Product(IntegerBox a, IntegerBox b)
    {
        // a bilinear function takes its extremes at the corners
        var (ll, lh, hl, hh) = (a.Low * b.Low, a.Low * b.High, a.High * b.Low, a.High * b.High);
        return IntegerBox.Between(
            BigInteger.Min(BigInteger.Min(ll, lh), BigInteger.Min(hl, hh)),
            BigInteger.Max(BigInteger.Max(ll, lh), BigInteger.Max(hl, hh))
        );
    }

    /// <inheritdoc/>
    public override IntegerBox Sum(IReadOnlyCollection<IntegerBox> terms, SumPlace place)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var (low, high, magnitude) = (BigInteger.Zero, BigInteger.Zero, BigInteger.Zero);
        foreach (var term in terms)
        {
            low += term.Low;
            high += term.High;
            magnitude += term.Magnitude;
        }
        Greatest = BigInteger.Max(Greatest, magnitude);
        return new(low, high, magnitude);
    }

    /// <inheritdoc/>
    public override IntegerBox Activation(IntegerBox a, SumPlace place)
    {
        if (a.High <= 0)
            return default;
        if (a.Low <= 0)
            Open ??= $"{place} is from {a.Low} to {a.High}: whether it is positive is open";
        return IntegerBox.Between(a.Low, a.High);
    }

    /// <inheritdoc/>
    public override IntegerBox Slope(IntegerBox h) => Given(h.High > 0 ? 1 : 0);
}
