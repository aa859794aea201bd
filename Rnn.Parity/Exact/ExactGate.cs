namespace Rnn.Parity.Exact;

/// <summary>Whether an exact case can show a mistake.</summary>
internal static class ExactGate
{
    public static bool Passes(RnnCase c, CaseTensors tensors)
    {
        using var scope = NewDisposeScope();
        return tensors.H_0?.count_nonzero().item<long>() != 0
            && c.Options.Suffixes.All(l =>
                TellsApart(tensors.Weights[$"weight_ih_{l}"], tensors.Weights[$"weight_hh_{l}"])
            )
            && IntegerOracle.Try(c, tensors).exact is { } exact
            // some units on and some off (relu), or some saturated and some at 0 (tanh); and no gradient is zero everywhere
            && Values(exact["output"]).Select(h => h == 0).Distinct().Count() == 2
            && exact.Values.All(quantity => Values(quantity).Any(v => v != 0));
    }

    // W_hh is not symmetric, and no two units have the same weights
    private static bool TellsApart(Tensor W_ih, Tensor W_hh)
    {
        var rows = cat([W_ih, W_hh], 1).unbind(0).Select(Values).ToList();
        return !Values(W_hh).SequenceEqual(Values(W_hh.t()))
            && !rows.Where((row, i) => rows.Take(i).Any(other => other.SequenceEqual(row))).Any();
    }

    private static double[] Values(Tensor tensor) => Matrix.Of(tensor).Values;
}
