using Rnn.Parity.Exact;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Certified;

/// <summary>φ, nearly exact, with what a library's φ can be off by.</summary>
/// <param name="Exact">φ(z), with a relative error of at most 2⁻⁹⁷.</param>
/// <param name="Slope">The supremum of φ' over [z − δ, z + δ].</param>
/// <param name="SlopeOf">φ'(a) where φ(a) = h, as libtorch has it: relu'(0) = 0.</param>
/// <param name="Roundings">Its own error in unit roundoffs of its value.</param>
/// <param name="Absolute">Its own error in unit roundoffs of 1.</param>
internal sealed record Nonlinearity(
    Func<DoubleDouble, DoubleDouble> Exact,
    Func<double, double, double> Slope,
    Func<double, double> SlopeOf,
    int Roundings,
    int Absolute = 0
)
{
    private static readonly Nonlinearity tanh = new(
        DoubleDouble.Tanh,
        // tanh' falls away from 0; tanh' ξ = 4q / (1 + q)², q = e^−2ξ
        static (z, δ) => SquaredSech(Math.Exp(-2 * Math.Max(0, Math.Abs(z) - δ))),
        static h => 1 - h * h,
        TanhAccuracy.Roundings
    );

    private static readonly Nonlinearity relu = new(
        static z => z.High > 0 || double.IsNaN(z.High) ? z : 0,
        static (z, δ) => z + δ > 0 ? 1 : 0,
        static h => h > 0 ? 1 : 0,
        0
    );

    /// <summary>tanh, with an absolute error of its own, or relu.</summary>
    public static Nonlinearity Of(NonLinearities name, int absolute) =>
        name == NonLinearities.ReLU ? relu : tanh with { Absolute = absolute };

    private static double SquaredSech(double q) => 4 * q / ((1 + q) * (1 + q));
}
