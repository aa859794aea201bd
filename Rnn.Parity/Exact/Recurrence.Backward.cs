namespace Rnn.Parity.Exact;

internal sealed partial class Recurrence<T>
{
    /// <summary>The gradients by name, after <see cref="Forward"/>: grad.input, grad.h_0, grad.weight_ih_l0, …</summary>
    public Dictionary<string, T[,,]> Backward()
    {
        var gradients = new Dictionary<string, T[,,]>();
        var h_0_bar = new T[traces.Count, batch, H];
        var y_bar = given["grad_output"];
        for (var last = traces.Count - 1; last >= 0; last -= D)
        {
            var layer = Enumerable
                .Range(last - D + 1, D)
                .Select(index => (index, a_bar: Adjoint(index, y_bar)))
                .ToList();
            foreach (var (index, a_bar) in layer)
            {
                Weights(gradients, traces[index], a_bar);
                // h_bar_0 = W_hhᵀ a_bar_1
                foreach (var (_, b, k) in Over(1, batch, H))
                    h_0_bar[index, b, k] = n.Sum(Carried(traces[index], a_bar, 0, b, k), "h_bar_0");
            }
            y_bar = Input(layer);
        }
        gradients["grad.input"] = y_bar;
        gradients["grad.h_0"] = h_0_bar;
        return gradients;
    }

    // a_bar_t = φ'(a_t) ∘ h_bar_t, h_bar_t = y_bar_t + W_hhᵀ a_bar_{t+1}; by order of computation
    private T[,,] Adjoint(int index, T[,,] y_bar)
    {
        var trace = traces[index];
        var a_bar = new T[steps, batch, H];
        for (var s = steps - 1; s >= 0; s--)
            foreach (var (_, b, i) in Over(1, batch, H))
            {
                var place = $"h_bar at [{Time(s, trace.Reverse)}, {b}, {i}] of {trace.Suffix}";
                List<T> terms = s == steps - 1 ? [given["grad_h_n"][index, b, i]] : Carried(trace, a_bar, s + 1, b, i);
                terms.Add(y_bar[Time(s, trace.Reverse), b, index % D * H + i]);
                var slope = n.Slope(trace.States[s + 1, b, i]);
                a_bar[s, b, i] = n.Sum([n.Product(slope, n.Sum(terms, place))], place);
            }
        return a_bar;
    }

    // the terms of (W_hhᵀ a_bar_s)_k
    private List<T> Carried(Trace trace, T[,,] a_bar, int s, int b, int k)
    {
        var W_hh = given[$"weight_hh_{trace.Suffix}"];
        return [.. Enumerable.Range(0, H).Select(i => n.Product(W_hh[0, i, k], a_bar[s, b, i]))];
    }

    // x_bar_t = Σ over the directions of W_ihᵀ a_bar_t
    private T[,,] Input(List<(int index, T[,,] a_bar)> layer)
    {
        var x_bar = new T[steps, batch, traces[layer[0].index].X.GetLength(2)];
        foreach (var (t, b, j) in Over(steps, batch, x_bar.GetLength(2)))
        {
            var terms = new List<T>();
            foreach (var (index, a_bar) in layer)
            {
                var W_ih = given[$"weight_ih_{traces[index].Suffix}"];
                for (var i = 0; i < H; i++)
                    terms.Add(n.Product(W_ih[0, i, j], a_bar[Time(t, traces[index].Reverse), b, i]));
            }
            x_bar[t, b, j] = n.Sum(terms, $"x_bar at [{t}, {b}, {j}]");
        }
        return x_bar;
    }

    // W_ih_bar = Σ_t a_bar_t x_tᵀ, W_hh_bar = Σ_t a_bar_t h_{t−1}ᵀ, b_bar = Σ_t a_bar_t
    private void Weights(Dictionary<string, T[,,]> gradients, Trace trace, T[,,] a_bar)
    {
        var (suffix, x, h) = (trace.Suffix, trace.X, trace.States);
        Keep(
            "weight_ih",
            H,
            x.GetLength(2),
            (s, b, i, j) => n.Product(a_bar[s, b, i], x[Time(s, trace.Reverse), b, j])
        );
        Keep("weight_hh", H, H, (s, b, i, k) => n.Product(a_bar[s, b, i], h[s, b, k]));
        if (!options.Bias)
            return;
        Keep("bias_ih", 1, H, (s, b, _, i) => a_bar[s, b, i]);
        Keep("bias_hh", 1, H, (s, b, _, i) => a_bar[s, b, i]);

        void Keep(string name, int rows, int columns, Func<int, int, int, int, T> term)
        {
            var gradient = new T[1, rows, columns];
            foreach (var (_, i, j) in Over(1, rows, columns))
            {
                var terms = Over(steps, batch, 1).Select(at => term(at.Item1, at.Item2, i, j)).ToList();
                gradient[0, i, j] = n.Sum(terms, $"the gradient of {name}_{suffix} at [{i}, {j}]");
            }
            gradients[$"grad.{name}_{suffix}"] = gradient;
        }
    }
}
