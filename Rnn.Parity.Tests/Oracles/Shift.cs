using System.Runtime.InteropServices;
using Rnn.Parity.Cases;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Oracles;

/// <summary>A case's float64 tensors with one element changed.</summary>
public static class Shift
{
    /// <summary>Adds h to one element; the sum must be exact.</summary>
    /// <exception cref="ArgumentException">The sum would round.</exception>
    public static CaseTensors Of(CaseTensors tensors, string name, long element, double h) =>
        Change(
            tensors,
            name,
            values =>
            {
                var θ = values[element];
                if (θ + h - θ != h || θ + h - h != θ)
                    throw new ArgumentException(FormattableString.Invariant($"{θ} + {h} rounds"));
                values[element] += h;
            }
        );

    /// <summary>One at the element, zero elsewhere in that tensor.</summary>
    internal static CaseTensors Mark(CaseTensors tensors, string name, long element) =>
        Change(
            tensors,
            name,
            values =>
            {
                Array.Clear(values);
                values[element] = 1;
            }
        );

    /// <summary>The tensor with that name: input, h_0 or a weight.</summary>
    public static Tensor Named(CaseTensors tensors, string name)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return name switch
        {
            "input" => tensors.Input,
            "h_0" => tensors.H_0!,
            _ => tensors.Weights[name],
        };
    }

    private static CaseTensors Change(CaseTensors tensors, string name, Action<double[]> change)
    {
        var old = Named(tensors, name);
        var values = MemoryMarshal.Cast<byte, double>(old.bytes).ToArray();
        change(values);
        var changed = tensor(values, old.shape);
        return name switch
        {
            "input" => tensors with { Input = changed },
            "h_0" => tensors with { H_0 = changed },
            _ => tensors with { Weights = new Dictionary<string, Tensor>(tensors.Weights) { [name] = changed } },
        };
    }
}
