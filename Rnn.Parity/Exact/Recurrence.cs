using Rnn.Scratch;

namespace Rnn.Parity.Exact;

/// <summary>
/// The Elman equation and its adjoint, written element by element as sums of products, in any arithmetic. It shares no
/// code with the implementations.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="n">The arithmetic.</param>
/// <param name="given">Weights, input, h_0, grad_output and grad_h_n, as <see cref="CaseArrays"/> lays them.</param>
internal sealed partial class Recurrence<T>(
    RnnOptions options,
    Arithmetic<T> n,
    IReadOnlyDictionary<string, T[,,]> given
)
{
    private readonly int H = (int)options.HiddenSize;
    private readonly int D = (int)options.NumDirections;
    private readonly int steps = given["input"].GetLength(0);
    private readonly int batch = given["input"].GetLength(1);

    /// <summary>One layer in one direction: what it read (by time), and h_0 … h_T (by order of computation).</summary>
    private sealed record Trace(string Suffix, bool Reverse, T[,,] X, T[,,] States);

    private readonly List<Trace> traces = [];

    /// <summary>output (T, B, D·H) and h_n (L·D, B, H).</summary>
    /// <param name="states">The states (T + 1, B, H) of each layer and direction, by order of computation; computed if null.</param>
    public (T[,,] output, T[,,] h_n) Forward(IReadOnlyList<T[,,]>? states = null)
    {
        var x = given["input"];
        var h_n = new T[options.NumLayers * D, batch, H];
        for (var layer = 0; layer < options.NumLayers; layer++)
        {
            var output = new T[steps, batch, D * H];
            foreach (var suffix in new[] { $"l{layer}", $"l{layer}_reverse" }.Take(D))
            {
                var index = traces.Count;
                var trace = Layer(suffix, x, states?[index]);
                var direction = index % D;
                traces.Add(trace);
                foreach (var (s, b, i) in Over(steps, batch, H))
                    output[Time(s, trace.Reverse), b, direction * H + i] = trace.States[s + 1, b, i];
                foreach (var (_, b, i) in Over(1, batch, H))
                    h_n[index, b, i] = trace.States[steps, b, i];
            }
            x = output;
        }
        return (x, h_n);
    }

    // h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)
    private Trace Layer(string suffix, T[,,] x, T[,,]? states)
    {
        var reverse = suffix.EndsWith("_reverse", StringComparison.Ordinal);
        var trace = new Trace(suffix, reverse, x, states ?? new T[steps + 1, batch, H]);
        if (states is not null)
            return trace;
        var (W_ih, W_hh) = (given[$"weight_ih_{suffix}"], given[$"weight_hh_{suffix}"]);
        foreach (var (_, b, i) in Over(1, batch, H))
            trace.States[0, b, i] = given["h_0"][traces.Count, b, i];
        foreach (var (s, b, i) in Over(steps, batch, H))
        {
            var terms = new List<T>();
            for (var j = 0; j < x.GetLength(2); j++)
                terms.Add(n.Product(W_ih[0, i, j], x[Time(s, reverse), b, j]));
            for (var k = 0; k < H; k++)
                terms.Add(n.Product(W_hh[0, i, k], trace.States[s, b, k]));
            if (options.Bias)
                terms.AddRange([given[$"bias_ih_{suffix}"][0, 0, i], given[$"bias_hh_{suffix}"][0, 0, i]]);
            var place = $"a at [{Time(s, reverse)}, {b}, {i}] of {suffix}";
            trace.States[s + 1, b, i] = n.Activation(n.Sum(terms, place), place);
        }
        return trace;
    }

    private int Time(int s, bool reverse) => reverse ? steps - 1 - s : s;

    private static IEnumerable<(int, int, int)> Over(int first, int second, int third)
    {
        for (var i = 0; i < first; i++)
        for (var j = 0; j < second; j++)
        for (var k = 0; k < third; k++)
            yield return (i, j, k);
    }
}
