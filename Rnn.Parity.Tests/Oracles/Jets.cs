using Rnn.Parity.Exact;

namespace Rnn.Parity.Tests.Oracles;

/// <summary>Bounds on |v|, |v'|, |v''| and |v'''| for the derivatives by one number θ, over an interval of θ.</summary>
internal readonly record struct Jet(double D0, double D1, double D2, double D3);

/// <summary>Propagates bounds on the first three derivatives through the recurrence with tanh; forward only.</summary>
internal sealed class Jets : Arithmetic<Jet>
{
    // max |tanh''| = 4 / (3√3) = 0.76980035…, where tanh² = 1/3; max |tanh'''| = 2, at 0; max tanh' = 1, at 0
    private const double second = 0.769800359;
    private const double third = 2;

    /// <summary>θ itself, when it stays within ρ of the given value.</summary>
    public static Jet Variable(double value, double ρ) => new(Above.Plus(Math.Abs(value), ρ), 1, 0, 0);

    /// <inheritdoc/>
    public override Jet Given(double value) => new(Math.Abs(value), 0, 0, 0);

    /// <inheritdoc/>
    public override Jet Product(Jet a, Jet b) =>
        // Leibniz: (ab)''' = a'''b + 3a''b' + 3a'b'' + ab'''
        new(
            Dot((a.D0, b.D0)),
            Dot((a.D1, b.D0), (a.D0, b.D1)),
            Dot((a.D2, b.D0), (2 * a.D1, b.D1), (a.D0, b.D2)),
            Dot((a.D3, b.D0), (3 * a.D2, b.D1), (3 * a.D1, b.D2), (a.D0, b.D3))
        );

    /// <inheritdoc/>
    public override Jet Sum(IReadOnlyCollection<Jet> terms, SumPlace place) =>
        terms.Aggregate(
            default(Jet),
            static (a, b) =>
                new(Above.Plus(a.D0, b.D0), Above.Plus(a.D1, b.D1), Above.Plus(a.D2, b.D2), Above.Plus(a.D3, b.D3))
        );

    /// <inheritdoc/>
    public override Jet Activation(Jet a, SumPlace place)
    {
        // Faà di Bruno: φ(a)''' = φ'''a'³ + 3φ''a'a'' + φ'a'''
        var square = Dot((a.D1, a.D1));
        return new(
            Math.Min(1, a.D0),
            a.D1,
            Dot((second, square), (1, a.D2)),
            Dot((Above.Times(third, a.D1), square), (Above.Times(3 * second, a.D1), a.D2), (1, a.D3))
        );
    }

    /// <inheritdoc/>
    public override Jet Slope(Jet h) => throw new NotSupportedException("jets run forward only");

    private static double Dot(params ReadOnlySpan<(double, double)> terms)
    {
        var sum = 0.0;
        foreach (var (a, b) in terms)
            sum = Above.Plus(sum, Above.Times(a, b));
        return sum;
    }
}
