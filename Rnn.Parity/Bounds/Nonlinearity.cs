using static TorchSharp.torch.nn;

namespace Rnn.Parity.Bounds;

/// <summary>A nonlinearity φ that never falls, and what bounds it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Exact">φ, nearly exactly.</param>
/// <param name="Slope">The supremum of φ' over [z − δ, z + δ].</param>
/// <param name="Linear">
/// From z, φ(z) and ω: a slope s and a rest r with |φ(z + w) − φ(z) − s w| ≤ r for |w| ≤ ω.
/// </param>
/// <param name="Roundings">Its own error in unit roundoffs of its value.</param>
/// <param name="Absolute">Its own error in unit roundoffs of 1.</param>
internal sealed record Nonlinearity(
    string Name,
    Func<DoubleDouble, DoubleDouble> Exact,
    Func<double, double, double> Slope,
    Func<double, double, double, (double slope, double rest)> Linear,
    int Roundings,
    int Absolute = 0
)
{
    // sup |tanh''|, at tanh² = 1/3
    private static readonly double curvature = 4 / (3 * Math.Sqrt(3));

    public static readonly Nonlinearity Tanh = new(
        "tanh",
        DoubleDouble.Tanh,
        // tanh' falls away from 0
        static (z, δ) => TanhSlope(Math.Max(0, Math.Abs(z) - δ)),
        static (_, h, ω) => (1 - h * h, curvature / 2 * ω * ω),
        TanhAccuracy.Roundings
    );

    public static readonly Nonlinearity ReLU = new(
        "relu",
        static z => z.High > 0 || double.IsNaN(z.High) ? z : 0,
        static (z, δ) => z + δ > 0 ? 1 : 0,
        // where the sign of z + w is open, w / 2 is off by at most |w| / 2
        static (z, _, ω) =>
            z > ω ? (1, 0)
            : z <= -ω ? (0, 0)
            : (0.5, ω / 2),
        0
    );

    /// <summary>The logistic function (1 + tanh(z/2)) / 2; e^−z is good to 3 ULP, which is 6u, and rounds twice more.</summary>
    public static readonly Nonlinearity Sigmoid = new(
        "sigmoid",
        static z => (1 + DoubleDouble.Tanh(z * 0.5)) * 0.5,
        static (z, δ) => TanhSlope(Math.Max(0, Math.Abs(z) - δ) / 2) / 4,
        static (_, h, ω) => (h * (1 - h), curvature / 16 * ω * ω),
        8
    );

    /// <summary>z between −1 and 1, and ±1 beyond.</summary>
    public static readonly Nonlinearity HardTanh = new(
        "hardtanh",
        static z => z.High is > -1 and < 1 || double.IsNaN(z.High) ? z : Math.Sign(z.High),
        static (z, δ) => Math.Abs(z) - δ < 1 ? 1 : 0,
        // where |z + w| < 1 is open, w / 2 is off by at most |w| / 2
        static (z, _, ω) =>
            Math.Abs(z) + ω <= 1 ? (1, 0)
            : Math.Abs(z) - ω >= 1 ? (0, 0)
            : (0.5, ω / 2),
        0
    );

    public static readonly Nonlinearity None = new(
        "none",
        static z => z,
        static (_, _) => 1,
        static (_, _, _) => (1, 0),
        0
    );

    /// <summary>tanh of tanh, which shrinks the error of the first at least as much as the value.</summary>
    public static readonly Nonlinearity TanhTwice = new(
        "tanh twice",
        static z => DoubleDouble.Tanh(DoubleDouble.Tanh(z)),
        static (z, δ) => Math.Max(0, Math.Abs(z) - δ) is var ξ ? TanhSlope(ξ) * TanhSlope(Math.Tanh(ξ)) : 0,
        // |φ''| ≤ |tanh''| tanh'² + tanh' |tanh''|
        static (z, h, ω) => ((1 - h * h) * TanhSlope(z), curvature * ω * ω),
        2 * TanhAccuracy.Roundings
    );

    /// <summary>tanh, with an absolute error of its own, or relu.</summary>
    public static Nonlinearity Of(NonLinearities name, int absolute = 0) =>
        name == NonLinearities.ReLU ? ReLU : Tanh with { Absolute = absolute };

    // tanh' ξ = 4q / (1 + q)², q = e^−2ξ
    private static double TanhSlope(double ξ)
    {
        var q = Math.Exp(-2 * Math.Abs(ξ));
        return 4 * q / ((1 + q) * (1 + q));
    }
}
