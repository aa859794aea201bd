using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>Rejects a case that could not tell two RNNs apart.</summary>
internal static class Gate
{
    /// <summary>The reason for which the case is rejected, or null if it passes.</summary>
    public static string? Rejects(RnnCase c)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        if (!c.Degenerate && (c.T == 1 || c.B == 1 || c.WithoutInitialState))
            return "T or B is one, or there is no h_0, and that is not the point of the case";
        if (c.Options.HiddenSize == 1)
            return "one unit: a transposed W_hh is the same";
        var tensors = c.Draw();
        if (!c.Degenerate && tensors.H_0 is { } h_0 && h_0.abs().max().type(ScalarType.Float64).item<double>() == 0)
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
            if (Same(W_ih, W_hh))
                return "W_ih and W_hh are equal: they can be swapped";
            if (options.Bias && Same(tensors.Weights[$"bias_ih_{suffix}"], tensors.Weights[$"bias_hh_{suffix}"]))
                return "b_ih and b_hh are equal: they can be swapped";
            // each unit's row beside each other's: with its own alone it is H times the same
            if (W_ih.unsqueeze(0).eq(W_ih.unsqueeze(1)).all(2).sum().item<long>() > options.HiddenSize)
                return "two units have the same W_ih: they can be swapped";
        }
        return null;
    }

    // A unit is saturated where tanh is ±1, dead where relu is 0: it no longer depends on its inputs. The states of a layer
    // are the output of the stack up to it.
    private static string? States(RnnCase c, CaseTensors tensors)
    {
        var (H, D) = (c.Options.HiddenSize, c.Options.NumDirections);
        var shares = new List<double>();
        for (var count = 1; count <= c.Options.NumLayers; count++)
        {
            var options = c.Options with { Dtype = ScalarType.Float64, Dropout = 0, NumLayers = count, Device = null };
            using var rnn = RnnFactory.Rnn.New(options);
            rnn.load_state_dict(
                rnn.named_parameters().ToDictionary(p => p.name, p => Float64(tensors.Weights[p.name]))
            );
            var h_0 = tensors.H_0 is null ? null : Float64(tensors.H_0).narrow(0, 0, count * D);
            var dense = c with { Options = options, Lengths = null };
            var (output, _) = RnnRun.Forward(rnn, dense, Float64(tensors.Input), h_0);
            for (var direction = 0; direction < D; direction++)
                shares.Add(Stuck(c, output.narrow(-1, direction * H, H)));
        }
        return shares.Average() > 0.5 ? "more than half of the states are saturated or dead"
            : shares.Max() == 1 ? "a whole layer is saturated or dead"
            : null;
    }

    private static double Stuck(RnnCase c, Tensor states)
    {
        states = states.type(c.Dtype);
        var stuck =
            c.Options.NonLinearity == NonLinearities.ReLU ? states.eq(Scalars.Zero) : states.abs().eq(Scalars.One);
        return stuck.type(ScalarType.Float64).mean().item<double>();
    }

    private static Tensor Float64(Tensor tensor) => tensor.type(ScalarType.Float64);

    private static bool Same(Tensor a, Tensor b) => a.shape.SequenceEqual(b.shape) && a.eq(b).all().item<bool>();
}
