using System.Numerics;

namespace Rnn.Parity.Certified;

/// <summary>
/// What the errors of later steps of the adjoint recurrence come to at this one. A step adds an error of at most λ_s to
/// a_bar_s; at step t it is J_ts times that, J_ts = D_t W_hhᵀ D_{t+1} W_hhᵀ … D_s, with the signs that the weights have; so
/// the errors add up to at most Σ_s |J_ts| λ_s. Where that is too much work, |J_ts| is replaced by the product of
/// magnitudes, which is wider.
/// </summary>
internal sealed class CarriedErrors(Matrix W_hh, bool signed)
{
    private const long affordable = 1L << 31;

    private readonly int H = W_hh.Rows;
    private readonly List<(double[] jacobian, double[] λ)> errors = [];
    private double[] total = [];

    /// <summary>The errors of W_hhᵀ a_bar; zero before there is one.</summary>
    public double[] BeforeWeights { get; private set; } = new double[W_hh.Rows];

    /// <summary>Whether following the signs through T steps of B sequences takes no more than 2³¹ multiplications.</summary>
    public static bool IsAffordable(int T, int B, int H) => 0.5 * T * T * B * H * H * H <= affordable;

    /// <summary>Takes the errors through D_t and adds those of the step, of at most λ.</summary>
    public void Add(double[] slope, double[] λ)
    {
        total = [.. λ.Select((own, i) => Math.Abs(slope[i]) * BeforeWeights[i] + own)];
        if (!signed)
            return;
        foreach (var (jacobian, _) in errors)
            for (var i = 0; i < jacobian.Length; i++)
                jacobian[i] *= slope[i / H];
        var identity = new double[H * H];
        for (var i = 0; i < H; i++)
            identity[i * (H + 1)] = 1;
        errors.Add((identity, λ));
    }

    /// <summary>Takes the errors through W_hhᵀ.</summary>
    public void Through()
    {
        BeforeWeights = new double[H];
        if (!signed)
        {
            for (var k = 0; k < H; k++)
            for (var i = 0; i < H; i++)
                BeforeWeights[i] += Math.Abs(W_hh[k, i]) * total[k];
            return;
        }
        for (var s = 0; s < errors.Count; s++)
        {
            var (jacobian, λ) = (new double[H * H], errors[s].λ);
            for (var k = 0; k < H; k++)
            for (var i = 0; i < H; i++)
            {
                AddMultiple(jacobian.AsSpan(i * H, H), errors[s].jacobian.AsSpan(k * H, H), W_hh[k, i]);
            }
            for (var i = 0; i < jacobian.Length; i++)
                BeforeWeights[i / H] += Math.Abs(jacobian[i]) * λ[i % H];
            errors[s] = (jacobian, λ);
        }
    }

    // y ← y + w x
    private static void AddMultiple(Span<double> y, ReadOnlySpan<double> x, double w)
    {
        var lanes = Vector<double>.Count;
        var j = 0;
        for (; j <= y.Length - lanes; j += lanes)
            (new Vector<double>(y[j..]) + new Vector<double>(x[j..]) * w).CopyTo(y[j..]);
        for (; j < y.Length; j++)
            y[j] += w * x[j];
    }
}
