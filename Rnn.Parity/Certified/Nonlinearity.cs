using Rnn.Parity.Exact;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Certified;

/// <summary>φ, nearly exact, with what a library's φ can be off by.</summary>
/// <param name="Exact">φ(z), with a relative error of at most 2⁻⁹⁷.</param>
/// <param name="Slope">The supremum of φ' over [z − δ, z + δ].</param>
/// <param name="Linear">
/// From z, φ(z) and ω: a slope s and a rest r with |φ(z + w) − φ(z) − s w| ≤ r for |w| ≤ ω.
/// </param>
/// <param name="SlopeOf">φ'(a) where φ(a) = h, as libtorch has it: relu'(0) = 0.</param>
/// <param name="Roundings">Its own error in unit roundoffs of its value.</param>
/// <param name="Absolute">Its own error in unit roundoffs of 1.</param>
internal sealed record Nonlinearity(
    Func<DoubleDouble, DoubleDouble> Exact,
    Func<double, double, double> Slope,
    Func<double, double, double, (double slope, double rest)> Linear,
    Func<double, double> SlopeOf,
    int Roundings,
    int Absolute = 0
)
{
    private static readonly Nonlinearity tanh = new(
        DoubleDouble.Tanh,
        // tanh' falls away from 0; tanh' ξ = 4q / (1 + q)², q = e^−2ξ
        static (z, δ) => SquaredSech(Math.Exp(-2 * Math.Max(0, Math.Abs(z) - δ))),
        // |tanh''| ≤ 4 / (3√3), at tanh² = 1/3
        static (_, h, ω) => (1 - h * h, 2 / (3 * Math.Sqrt(3)) * ω * ω),
        static h => 1 - h * h,
        TanhAccuracy.Roundings
    );

    private static readonly Nonlinearity relu = new(
        static z => z.High > 0 || double.IsNaN(z.High) ? z : 0,
        static (z, δ) => z + δ > 0 ? 1 : 0,
        // where the sign of z + w is open, w / 2 is off by at most |w| / 2
        static (z, _, ω) =>
            z > ω ? (1, 0)
            : z <= -ω ? (0, 0)
            : (0.5, ω / 2),
        static h => h > 0 ? 1 : 0,
        0
    );

    /// <summary>tanh, with an absolute error of its own, or relu.</summary>
    public static Nonlinearity Of(NonLinearities name, int absolute) =>
        name == NonLinearities.ReLU ? relu : tanh with { Absolute = absolute };

    private static double SquaredSech(double q) => 4 * q / ((1 + q) * (1 + q));
}
