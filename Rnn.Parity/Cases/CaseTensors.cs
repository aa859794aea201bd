using System.Text;

namespace Rnn.Parity.Cases;

/// <summary>The tensors of a case, on the CPU and of its type.</summary>
/// <param name="Weights">By nn.RNN's names.</param>
/// <param name="Input">Shaped as the case says.</param>
/// <param name="H_0">The state before the first step; null if the case leaves it out.</param>
/// <param name="GradOutput">The cotangent of the output.</param>
/// <param name="GradH_n">The cotangent of h_n.</param>
public sealed record CaseTensors(
    IReadOnlyDictionary<string, Tensor> Weights,
    Tensor Input,
    Tensor? H_0,
    Tensor GradOutput,
    Tensor GradH_n
)
{
    /// <summary>
    /// Draws from the case's own generator, seeded by its id: weights uniformly from ±1/√H as nn.RNN starts, the rest
    /// from a normal distribution; in float64, then rounded to the case's type.
    /// </summary>
    public static CaseTensors Draw(RnnCase c)
    {
        ArgumentNullException.ThrowIfNull(c);
        using var generator = new Generator(Seed(c.Id));
        var dtype = c.Dtype;
        var bound = 1 / Math.Sqrt(c.Options.HiddenSize);
        return new CaseTensors(
            c.Options.WeightNames.ToDictionary(name => name, Uniform),
            Normal(c.InputShape),
            c.WithoutInitialState ? null : Normal(c.StateShape),
            Normal(c.OutputShape),
            Normal(c.StateShape)
        );

        Tensor Uniform(string weight) =>
            empty(c.Options.ShapeOf(weight), ScalarType.Float64).uniform_(-bound, bound, generator).type(dtype);

        Tensor Normal(long[] shape) => randn(shape, ScalarType.Float64, generator: generator).type(dtype);
    }

    // FNV-1a, 64 bits: the same seed for the same id on every machine.
    internal static ulong Seed(string id) =>
        Encoding.UTF8.GetBytes(id).Aggregate(14695981039346656037, (hash, b) => unchecked((hash ^ b) * 1099511628211));
}
