using System.Globalization;
using Rnn.Parity.Comparison;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>
/// Document 002 prints its input to four decimals and its states in full. The states follow from the input that it
/// had, not from the one that it prints; so each step is checked at the document's own h_{t−1}, within a derived bound.
/// </summary>
/// <remarks>
/// h_t = relu(x_t + 1 + h_{t−1} + 1) in float32, unit roundoff u = 2⁻²⁴. Three additions round:
/// γ₃ (|x_t| + 1 + |h_{t−1}| + 1), γ₃ = 3u / (1 − 3u) (Higham, Accuracy and Stability, ch. 3). The printed x_t is off by
/// at most half of its last digit, 0.00005; the printed states read back to the same float32. relu enlarges nothing.
/// </remarks>
public static class Recurrence002
{
    private const double Roundoff = 1.0 / (1 << 24);
    private const double Gamma3 = 3 * Roundoff / (1 - 3 * Roundoff);
    private const double HalfLastDigit = 0.00005;

    /// <summary>Certifies every published state, or names the first step that lies outside its bound.</summary>
    public static Finding Certify()
    {
        var published = PublishedNumbers.Of("002");
        return Certify(
            [.. published["input"].Select(Parse)],
            [.. published["output"].Select(v => (double)float.Parse(v, CultureInfo.InvariantCulture))]
        );
    }

    /// <summary>Certifies states against inputs; both in float64, the states exact float32 values.</summary>
    public static Finding Certify(double[] x, double[] states)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(states);
        if (states.Length != x.Length)
            throw new ArgumentException($"there are {states.Length} states, {x.Length} are expected", nameof(states));
        var (worst, failure, h) = (0.0, (string?)null, 0.0);
        for (var t = 0; t < x.Length; t++)
        {
            var error = Math.Abs(states[t] - Math.Max(0, x[t] + 2 + h));
            var bound = HalfLastDigit + Gamma3 * (Math.Abs(x[t]) + HalfLastDigit + 2 + Math.Abs(h));
            if (!(error <= bound))
                failure ??= FormattableString.Invariant(
                    $"document 002: state {t} is {states[t]:R}, off by {error:G3} where at most {bound:G3} is rounding"
                );
            worst = Math.Max(worst, error / bound);
            h = states[t];
        }
        return new Finding(failure is null ? Evidence.Certified : Evidence.Differs, $"{x.Length} published states")
        {
            Elements = x.Length,
            BoundRatio = worst,
            Explanation = failure,
        };
    }

    private static double Parse(string value) => double.Parse(value, CultureInfo.InvariantCulture);
}
