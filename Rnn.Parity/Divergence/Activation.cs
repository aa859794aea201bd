using Rnn.Parity.Exact;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Divergences;

/// <summary>A nonlinearity, in float64. Each one grows with z.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Of">φ(z).</param>
/// <param name="Roundings">Its own error in unit roundoffs of its value.</param>
internal sealed record Activation(string Name, Func<double, double> Of, int Roundings)
{
    public static readonly Activation Tanh = new("tanh", Math.Tanh, TanhAccuracy.Roundings);
    public static readonly Activation ReLU = new("relu", static z => z > 0 || double.IsNaN(z) ? z : 0, 0);

    // e^−z to 3 ULP, which is 6u, and two roundings.
    public static readonly Activation Sigmoid = new("sigmoid", static z => 1 / (1 + Math.Exp(-z)), 8);
    public static readonly Activation None = new("none", static z => z, 0);

    // tanh shrinks the error of the first tanh at least as much as the value.
    public static readonly Activation TanhTwice = new(
        "tanh twice",
        static z => Math.Tanh(Math.Tanh(z)),
        2 * TanhAccuracy.Roundings
    );

    public static Activation For(NonLinearities nonLinearity) => nonLinearity == NonLinearities.ReLU ? ReLU : Tanh;
}
