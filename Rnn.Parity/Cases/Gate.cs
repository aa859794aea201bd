using Rnn.Scratch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>Rejects a case that could not tell two RNNs apart.</summary>
public static class Gate
{
    /// <summary>The reason for which the case is rejected, or null if it passes.</summary>
    public static string? Rejects(RnnCase c)
    {
        ArgumentNullException.ThrowIfNull(c);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        if (!c.Degenerate && (c.T == 1 || c.B == 1 || c.WithoutInitialState))
            return "T or B is one, or there is no h_0, and that is not the point of the case";
        if (c.Options.HiddenSize == 1)
            return "one unit: a transposed W_hh is the same";
        var tensors = c.Draw();
        if (tensors.H_0 is { } h_0 && h_0.abs().max().type(ScalarType.Float64).item<double>() == 0)
            return "h_0 is zero everywhere";
        return Weights(c.Options, tensors) ?? States(c, tensors);
    }

    private static string? Weights(RnnOptions options, CaseTensors tensors)
    {
        foreach (var suffix in options.Suffixes)
        {
            var (W_ih, W_hh) = (tensors.Weights[$"weight_ih_{suffix}"], tensors.Weights[$"weight_hh_{suffix}"]);
            if (Same(W_hh, W_hh.t()))
                return "W_hh is symmetric";
            var rows = W_ih.unbind(0);
            for (var i = 0; i < rows.Length; i++)
            for (var j = 0; j < i; j++)
                if (Same(rows[i], rows[j]))
                    return "two units have the same W_ih: they can be swapped";
        }
        return null;
    }

    // A unit is saturated where tanh is ±1, dead where relu is 0: it no longer depends on its inputs.
    private static string? States(RnnCase c, CaseTensors tensors)
    {
        var inFloat64 = c with { Options = c.Options with { Dtype = ScalarType.Float64, Dropout = 0 }, Lengths = null };
        using var rnn = RnnFactory.Rnn.Build(inFloat64.Options);
        rnn.load_state_dict(tensors.Weights.ToDictionary(w => w.Key, w => w.Value.type(ScalarType.Float64)));
        var (output, h_n) = RnnRun.Forward(
            rnn,
            inFloat64,
            tensors.Input.type(ScalarType.Float64),
            tensors.H_0?.type(ScalarType.Float64)
        );
        var states = cat([output.reshape(-1), h_n.reshape(-1)]).type(c.Options.Dtype ?? ScalarType.Float32);
        var stuck = c.Options.NonLinearity == NonLinearities.ReLU ? states.eq(0) : states.abs().eq(1);
        var share = stuck.type(ScalarType.Float64).mean().item<double>();
        return share > 0.5 ? "more than half of the states are saturated or dead" : null;
    }

    private static bool Same(Tensor a, Tensor b) => a.eq(b).all().item<bool>();
}
