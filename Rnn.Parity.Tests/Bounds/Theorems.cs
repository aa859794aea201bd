using Rnn.Parity.Bounds;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>
/// The bounds of docs/certified.md for one direction of one layer and one sequence, in index notation as the page has them
/// and with nothing but loops: what Rnn.Parity/Certified is compared with.
/// </summary>
/// <param name="layer">Weights, biases, h_0 and φ.</param>
/// <param name="u">The unit roundoff of the run's type.</param>
/// <param name="η">Its smallest normal number.</param>
/// <param name="w">How often a sum is stored in a narrower type.</param>
/// <param name="absolute">The absolute error of tanh, in u, beside its own.</param>
internal sealed class Theorems(RecordedLayer layer, double u, double η, int w, int absolute = 0)
{
    /// <summary>x_t, h_t and everything else that has a number a unit.</summary>
    public delegate double Vector(int i);

    // float64, in which the reference itself is evaluated
    private const double u64 = 1.0 / (1L << 53);
    private static readonly double η64 = Math.ScaleB(1, -1022);

    private bool IsTanh => layer.Φ.Roundings > 0;

    private int I => layer.W_ih.Columns;

    private int H => layer.Size;

    /// <summary>
    /// Theorem 1, φ(z) and its bound, where the run's z is off by ρ more than by rounding, and its terms' magnitudes by μ.
    /// </summary>
    public (double value, double bound) State(int i, Vector x, Vector h, double ρ = 0, double μ = 0)
    {
        var (z, δ) = Sum(i, x, h, μ);
        var (φ, spread, own) = Activation(z, δ + ρ);
        return (φ, (spread + own) * (1 + Math.ScaleB(1, -20)));
    }

    /// <summary>Theorem 2: φ(z), the slope by which errors of z travel on, and what the step adds to them.</summary>
    public (double value, double slope, double fresh) Linear(int i, Vector x, Vector h, double ρ, double ρ_x, double μ)
    {
        var (z, δ) = Sum(i, x, h, μ);
        δ += ρ_x;
        var ω = δ + ρ;
        var (φ, spread, own) = Activation(z, ω);
        var (slope, bend) =
            IsTanh ? (1 - φ * φ, 2 / (3 * Math.Sqrt(3)) * ω * ω)
            : z > ω ? (1, 0)
            : z <= -ω ? (0, 0)
            : (0.5, ω / 2);
        var rest = slope * δ + bend + 4 * u64 * ρ;
        return rest < spread ? (φ, slope, rest + own) : (φ, 0, spread + own);
    }

    private (double z, double δ) Sum(int i, Vector x, Vector h, double μ)
    {
        var (b_ih, b_hh) = (layer.B_ih?[i] ?? 0, layer.B_hh?[i] ?? 0);
        var z = Σ(I, k => layer.W_ih[i, k] * x(k)) + b_ih + Σ(H, k => layer.W_hh[i, k] * h(k)) + b_hh;
        var m =
            Σ(I, k => Math.Abs(layer.W_ih[i, k] * x(k)))
            + Math.Abs(b_ih)
            + Σ(H, k => Math.Abs(layer.W_hh[i, k] * h(k)))
            + Math.Abs(b_hh);
        var n = I + H + (layer.B_ih is null ? 0 : 2) + w;
        return (z, γ(n, u) * (m + μ) + n * η);
    }

    private (double φ, double spread, double own) Activation(double z, double ω)
    {
        var φ = IsTanh ? Math.Tanh(z) : Math.Max(0, z);
        var S =
            IsTanh ? Math.Pow(Math.Cosh(Math.Max(0, Math.Abs(z) - ω)), -2)
            : z + ω > 0 ? 1
            : 0;
        var c = IsTanh ? 6 : 0;
        return (φ, S * ω, c * (u * (Math.Abs(φ) + S * ω) + η) + (IsTanh ? absolute * u : 0));
    }

    /// <summary>x m for dropout's mask m, rounded in the run and in float64, where x is known up to r.</summary>
    public (double value, double bound) Dropped(double x, double r, double m) =>
        (x * m, r * m + (u + u64) * (Math.Abs(x * m) + r * m) + η);

    /// <summary>
    /// Theorem 3, from the last step to the first, where ȳ is known up to r_y: h̄_t and ā_t with their bounds, and at last
    /// h̄_0. Where the run's own h̄ are given each step is judged at them.
    /// </summary>
    /// <param name="steps">The steps in the order in which the state was computed.</param>
    /// <param name="h">h_t by step and unit, known up to r_h.</param>
    /// <param name="r_h">By step and unit.</param>
    /// <param name="y_bar">By step and unit, known up to r_y.</param>
    /// <param name="r_y">By step and unit.</param>
    /// <param name="h_n_bar">By unit.</param>
    /// <param name="own">The run's own h̄, by step and unit; null if they were not recorded.</param>
    public (Adjoint[] steps, (double value, double bound)[] h_0) Adjoints(
        int[] steps,
        Func<int, int, double> h,
        Func<int, int, double> r_h,
        Func<int, int, double> y_bar,
        Func<int, int, double> r_y,
        Vector h_n_bar,
        Func<int, int, double>? own
    )
    {
        var adjoints = new Adjoint[steps.Length];
        // W_hhᵀ ā_{t+1}, the sum of its magnitudes, and W_hhᵀ J_{t+1,s} with λ_s for each later step s
        var (recurrent, magnitude) = (U(h_n_bar), U(i => Math.Abs(h_n_bar(i))));
        var errors = new List<(double[,] J, double[] λ)>();
        for (var index = steps.Length - 1; index >= 0; index--)
        {
            var t = steps[index];
            var before = U(i => errors.Sum(e => Σ(H, s => Math.Abs(e.J[i, s]) * e.λ[s])));
            var β = U(i => Sum(H + 1, Math.Abs(y_bar(t, i)) + r_y(t, i) + magnitude[i]) + r_y(t, i));
            var h_bar = U(i => y_bar(t, i) + recurrent[i]);
            var reach = U(i => own is null ? Math.Abs(h_bar[i]) + before[i] + β[i] : Math.Abs(own(t, i)));
            var D = U(i =>
                IsTanh ? 1 - h(t, i) * h(t, i)
                : h(t, i) > 0 ? 1
                : 0
            );
            var σ = U(i => Slope(h(t, i), r_h(t, i)));
            var product = U(i => σ[i] * reach[i] + Sum(1, (D[i] + σ[i]) * reach[i]));
            var λ = own is null ? U(i => D[i] * β[i] + product[i]) : product;
            var a_bar = U(i => D[i] * (own is null ? h_bar[i] : own(t, i)));
            var A = own is null ? U(i => D[i] * before[i] + λ[i]) : λ;
            adjoints[index] = new(t, h_bar, U(i => before[i] + β[i]), a_bar, A);

            // J_ts = D_t W_hhᵀ J_{t+1,s}
            errors = own is null ? [.. errors.Select(e => (V((i, s) => D[i] * e.J[i, s]), e.λ))] : [];
            errors.Add((V((i, s) => i == s ? 1 : 0), λ));
            errors = [.. errors.Select(e => (V((i, s) => Σ(H, k => layer.W_hh[k, i] * e.J[k, s])), e.λ))];
            recurrent = U(i => Σ(H, k => layer.W_hh[k, i] * a_bar[k]));
            magnitude = U(i => Σ(H, k => Math.Abs(layer.W_hh[k, i]) * (Math.Abs(a_bar[k]) + A[k])));
        }
        var last = U(i => errors.Sum(e => Σ(H, s => Math.Abs(e.J[i, s]) * e.λ[s])) + Sum(H, magnitude[i]));
        return (adjoints, [.. recurrent.Zip(last)]);
    }

    /// <summary>γ_n m + nη, for the run and for the evaluation in float64 beside it.</summary>
    public double Sum(int n, double m) => γ(n + w, u) * m + (n + w) * η + γ(n, u64) * m + n * η64;

    private double Slope(double h, double r)
    {
        if (!IsTanh)
            return r > 0 && Math.Abs(h) <= r ? 1 : 0;
        var known = r * (2 * Math.Abs(h) + r);
        return known + Sum(2, 1 + h * h + known);
    }

    private static double γ(int n, double u) => n * u / (1 - n * u);

    /// <summary>Σ f(k), k from 0 to n − 1.</summary>
    public static double Σ(int n, Func<int, double> f) => Enumerable.Range(0, n).Sum(f);

    private double[] U(Vector f) => [.. Enumerable.Range(0, H).Select(i => f(i))];

    private double[,] V(Func<int, int, double> f)
    {
        var v = new double[H, H];
        for (var i = 0; i < H; i++)
        for (var s = 0; s < H; s++)
            v[i, s] = f(i, s);
        return v;
    }
}

/// <summary>Σ ξ_g g with |ξ_g| ≤ 1; a ξ of the same name is the same.</summary>
internal sealed class Errors : Dictionary<string, double[]>
{
    /// <summary>How large a number can be.</summary>
    public double Radius(int i) => Values.Sum(g => Math.Abs(g[i]));

    /// <summary>Each generator through a linear map, all into another set.</summary>
    public void Through(int size, Func<int, int, double> W, Errors into)
    {
        foreach (var (name, g) in this)
        {
            if (!into.TryGetValue(name, out var sum))
                into[name] = sum = new double[size];
            for (var i = 0; i < size; i++)
                sum[i] += Theorems.Σ(g.Length, k => W(i, k) * g[k]);
        }
    }

    /// <summary>Each generator times slopes, and one more for each unit.</summary>
    public Errors Step(string name, double[] slopes, double[] fresh)
    {
        var after = new Errors();
        Through(slopes.Length, (i, k) => i == k ? slopes[i] : 0, after);
        for (var i = 0; i < fresh.Length; i++)
            after[$"{name} {i}"] = [.. fresh.Select((e, k) => k == i ? e : 0)];
        return after;
    }
}

/// <summary>h̄_t and ā_t of one step, each with its bound.</summary>
internal sealed record Adjoint(int Step, double[] H_bar, double[] H_barBound, double[] A_bar, double[] A_barBound);
