using static TorchSharp.torch.nn;

namespace Rnn.Parity.Exact;

internal static class ExactGate
{
    public static string? Rejects(RnnCase c, CaseTensors tensors)
    {
        using var scope = NewDisposeScope();
        if (Weights(c, tensors) is { } hidden)
            return hidden;
        var (exact, refusal) = IntegerOracle.Try(c, tensors);
        return exact is null ? refusal : Quantities(c.Options.NonLinearity, exact);
    }

    private static string? Weights(RnnCase c, CaseTensors tensors)
    {
        if (tensors.H_0 is { } h_0 && Values(h_0).All(h => h == 0))
            return "h_0 is zero everywhere";
        foreach (var suffix in c.Options.Suffixes)
        {
            var (W_ih, W_hh) = (tensors.Weights[$"weight_ih_{suffix}"], tensors.Weights[$"weight_hh_{suffix}"]);
            if (Values(W_hh).SequenceEqual(Values(W_hh.t())))
                return $"W_hh of {suffix} is symmetric";
            var rows = cat([W_ih, W_hh], 1).unbind(0).Select(Values).ToList();
            if (rows.Where((row, i) => rows.Take(i).Any(other => other.SequenceEqual(row))).Any())
                return $"two units of {suffix} have the same weights";
        }
        return null;
    }

    // Some units on and some off (relu), or some saturated and some at 0 (tanh); and no gradient is zero everywhere.
    private static string? Quantities(NonLinearities nonLinearity, IReadOnlyDictionary<string, Tensor> exact)
    {
        var states = Values(exact["output"]);
        if (states.All(h => h == 0) || states.All(h => h != 0))
            return nonLinearity == NonLinearities.ReLU
                ? "all units are on, or all are off"
                : "all units are saturated, or all are at 0";
        var zero = exact.FirstOrDefault(q => Values(q.Value).All(v => v == 0)).Key;
        return zero is null ? null : $"{zero} is zero everywhere";
    }

    private static double[] Values(Tensor tensor) => Matrix.Of(tensor).Values;
}
