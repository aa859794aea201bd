namespace Rnn.Parity.Exact;

/// <summary>
/// The Elman equation and its adjoint, written element by element as sums of products, in any arithmetic. It shares no
/// code with the implementations.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="n">The arithmetic.</param>
/// <param name="given">Weights, input, h_0, grad_output and grad_h_n, as <see cref="CaseArrays"/> lays them.</param>
internal sealed class Recurrence<T>(RnnOptions options, Arithmetic<T> n, IReadOnlyDictionary<string, T[,,]> given)
{
    private readonly int H = (int)options.HiddenSize;
    private readonly int D = (int)options.NumDirections;
    private readonly int steps = given["input"].GetLength(0);
    private readonly int batch = given["input"].GetLength(1);
    private readonly List<Trace> traces = [];

    /// <summary>One layer in one direction: what it read (by time), and h_0 … h_T (by order of computation).</summary>
    private sealed record Trace(int Index, string Suffix, bool Reverse, T[,,] X, T[,,] States);

    /// <summary>output (T, B, D·H) and h_n (L·D, B, H).</summary>
    /// <param name="states">The states (T + 1, B, H) of each layer and direction, by order of computation; computed if null.</param>
    public (T[,,] output, T[,,] h_n) Forward(IReadOnlyList<T[,,]>? states = null)
    {
        var x = given["input"];
        foreach (var (index, suffix) in options.Suffixes.Index())
        {
            var h = states?[index] ?? new T[steps + 1, batch, H];
            var trace = new Trace(index, suffix, index % D == 1, x, h);
            if (states is null)
                Scan(trace);
            traces.Add(trace);
            if (traces.Count % D == 0)
            {
                var layer = traces[^D..];
                x = CaseArrays.Of(
                    steps,
                    batch,
                    D * H,
                    (t, b, i) => layer[i / H].States[Time(t, layer[i / H]) + 1, b, i % H]
                );
            }
        }
        return (x, CaseArrays.Of(traces.Count, batch, H, (index, b, i) => traces[index].States[steps, b, i]));
    }

    /// <summary>The gradients by name, after <see cref="Forward"/>: grad.input, grad.h_0, grad.weight_ih_l0, …</summary>
    public Dictionary<string, T[,,]> Backward()
    {
        var gradients = new Dictionary<string, T[,,]>();
        var a_bars = new T[traces.Count][,,];
        var y_bar = given["grad_output"];
        for (var first = traces.Count - D; first >= 0; first -= D)
        {
            var layer = traces[first..(first + D)];
            foreach (var trace in layer)
            {
                a_bars[trace.Index] = Adjoint(trace, y_bar);
                Weights(gradients, trace, a_bars[trace.Index]);
            }
            y_bar = Input(layer, a_bars);
        }
        gradients["grad.input"] = y_bar;
        // h_bar_0 = W_hhᵀ a_bar_1
        gradients["grad.h_0"] = CaseArrays.Of(
            traces.Count,
            batch,
            H,
            (index, b, k) => n.Sum(Carried(traces[index], a_bars[index], 0, b, k), new("h_bar_0"))
        );
        return gradients;
    }

    // h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)
    private void Scan(Trace trace)
    {
        var (suffix, x, h) = (trace.Suffix, trace.X, trace.States);
        var (W_ih, W_hh) = (given[$"weight_ih_{suffix}"], given[$"weight_hh_{suffix}"]);
        foreach (var (b, i) in Over(batch, H))
            h[0, b, i] = given["h_0"][trace.Index, b, i];
        for (var s = 0; s < steps; s++)
            foreach (var (b, i) in Over(batch, H))
            {
                var t = Time(s, trace);
                var terms = Products(x.GetLength(2), j => W_ih[0, i, j], j => x[t, b, j]);
                terms.AddRange(Products(H, k => W_hh[0, i, k], k => h[s, b, k]));
                if (options.Bias)
                    terms.AddRange([given[$"bias_ih_{suffix}"][0, 0, i], given[$"bias_hh_{suffix}"][0, 0, i]]);
                var place = new SumPlace("a", t, b, i, suffix);
                h[s + 1, b, i] = n.Activation(n.Sum(terms, place), place);
            }
    }

    // a_bar_t = φ'(a_t) ∘ h_bar_t, h_bar_t = y_bar_t + W_hhᵀ a_bar_{t+1}; by order of computation
    private T[,,] Adjoint(Trace trace, T[,,] y_bar)
    {
        var a_bar = new T[steps, batch, H];
        for (var s = steps - 1; s >= 0; s--)
            foreach (var (b, i) in Over(batch, H))
            {
                var t = Time(s, trace);
                var place = new SumPlace("h_bar", t, b, i, trace.Suffix);
                List<T> terms =
                    s == steps - 1 ? [given["grad_h_n"][trace.Index, b, i]] : Carried(trace, a_bar, s + 1, b, i);
                terms.Add(y_bar[t, b, trace.Index % D * H + i]);
                var slope = n.Slope(trace.States[s + 1, b, i]);
                a_bar[s, b, i] = n.Sum([n.Product(slope, n.Sum(terms, place))], place);
            }
        return a_bar;
    }

    // the terms of (W_hhᵀ a_bar_s)_k
    private List<T> Carried(Trace trace, T[,,] a_bar, int s, int b, int k) =>
        Products(H, i => given[$"weight_hh_{trace.Suffix}"][0, i, k], i => a_bar[s, b, i]);

    // x_bar_t = Σ over the directions of W_ihᵀ a_bar_t
    private T[,,] Input(List<Trace> layer, T[][,,] a_bars) =>
        CaseArrays.Of(
            steps,
            batch,
            layer[0].X.GetLength(2),
            (t, b, j) =>
                n.Sum(
                    [
                        .. layer.SelectMany(trace =>
                            Products(
                                H,
                                i => given[$"weight_ih_{trace.Suffix}"][0, i, j],
                                i => a_bars[trace.Index][Time(t, trace), b, i]
                            )
                        ),
                    ],
                    new("x_bar", t, b, j)
                )
        );

    // W_ih_bar = Σ_t a_bar_t x_tᵀ, W_hh_bar = Σ_t a_bar_t h_{t−1}ᵀ, b_bar = Σ_t a_bar_t
    private void Weights(Dictionary<string, T[,,]> gradients, Trace trace, T[,,] a_bar)
    {
        var (x, h) = (trace.X, trace.States);
        Keep("weight_ih", H, x.GetLength(2), (s, b, i, j) => n.Product(a_bar[s, b, i], x[Time(s, trace), b, j]));
        Keep("weight_hh", H, H, (s, b, i, k) => n.Product(a_bar[s, b, i], h[s, b, k]));
        if (!options.Bias)
            return;
        Keep("bias_ih", 1, H, (s, b, _, i) => a_bar[s, b, i]);
        Keep("bias_hh", 1, H, (s, b, _, i) => a_bar[s, b, i]);

        void Keep(string name, int rows, int columns, Func<int, int, int, int, T> term) =>
            gradients[$"grad.{name}_{trace.Suffix}"] = CaseArrays.Of(
                1,
                rows,
                columns,
                (_, i, j) =>
                    n.Sum(
                        [.. Over(steps, batch).Select(at => term(at.first, at.second, i, j))],
                        new($"the gradient of {name}", i, j, Suffix: trace.Suffix)
                    )
            );
    }

    private List<T> Products(int count, Func<int, T> a, Func<int, T> b) =>
        [.. Enumerable.Range(0, count).Select(k => n.Product(a(k), b(k)))];

    private int Time(int s, Trace trace) => trace.Reverse ? steps - 1 - s : s;

    private static IEnumerable<(int first, int second)> Over(int first, int second) =>
        from i in Enumerable.Range(0, first)
        from j in Enumerable.Range(0, second)
        select (i, j);
}
