using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Oracles;

/// <summary>
/// The integer oracle of a stack with dropout: each layer by itself, its input times the mask. A mask is data: it is
/// drawn as torch draws it for float32, and of 0 and 1/(1 − p), an integer where p is 1/2.
/// </summary>
public static class DropoutOracle
{
    /// <summary>The exact quantities, by the names of <see cref="RnnRun"/>.</summary>
    /// <exception cref="ArgumentException">Something could round.</exception>
    public static Quantities Of(RnnCase c, CaseTensors tensors)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(tensors);
        if (c.Options.Dropout == 0 || c.Evaluation)
            return IntegerOracle.Of(c, tensors);
        using var seeded = GlobalGenerator.Seeded(c);
        var (inputs, masks, x) = (new List<Tensor>(), new List<Tensor>(), tensors.Input);
        for (var layer = 0; layer < c.Options.NumLayers; layer++)
        {
            masks.Add(layer == 0 ? ones(1) : Mask(x, c.Options.Dropout));
            inputs.Add(x * masks[layer]);
            x = Layer(c, tensors, layer, inputs[layer], tensors.GradOutput)["output"];
        }
        return Backward(c, tensors, inputs, masks, x);
    }

    private static Tensor Mask(Tensor x, double p) => nn.functional.dropout(ones(x.shape), p).type(x.dtype);

    // The gradient of a layer's output is that of what the layer above read, times the mask.
    private static Dictionary<string, Tensor> Backward(
        RnnCase c,
        CaseTensors tensors,
        List<Tensor> inputs,
        List<Tensor> masks,
        Tensor output
    )
    {
        var (quantities, y_bar) = (new Dictionary<string, Tensor> { ["output"] = output }, tensors.GradOutput);
        var (h_n, h_0_bar) = (new Tensor[inputs.Count], new Tensor[inputs.Count]);
        for (var layer = inputs.Count - 1; layer >= 0; layer--)
        {
            var exact = Layer(c, tensors, layer, inputs[layer], y_bar);
            (h_n[layer], h_0_bar[layer]) = (exact["h_n"], exact["grad.h_0"]);
            foreach (var (name, value) in exact.Where(q => q.Key.Contains("_l0", StringComparison.Ordinal)))
                quantities[name.Replace("_l0", $"_l{layer}", StringComparison.Ordinal)] = value;
            y_bar = exact["grad.input"] * masks[layer];
        }
        quantities["grad.input"] = y_bar;
        quantities["h_n"] = cat([.. h_n], 0);
        quantities["grad.h_0"] = cat([.. h_0_bar], 0);
        return quantities;
    }

    private static Quantities Layer(RnnCase c, CaseTensors tensors, int layer, Tensor x, Tensor y_bar)
    {
        var (D, name) = (c.Options.NumDirections, RnnOptions.Suffix(layer, reverse: false));
        var weights = tensors.Weights.Where(w => w.Key.Contains($"_{name}", StringComparison.Ordinal));
        var options = c.Options with { InputSize = x.shape[^1], NumLayers = 1, Dropout = 0 };
        return IntegerOracle.Of(
            c with
            {
                Options = options,
            },
            new(
                weights.ToDictionary(w => w.Key.Replace($"_{name}", "_l0", StringComparison.Ordinal), w => w.Value),
                x,
                tensors.H_0!.narrow(0, layer * D, D),
                y_bar,
                tensors.GradH_n.narrow(0, layer * D, D)
            )
        );
    }
}
