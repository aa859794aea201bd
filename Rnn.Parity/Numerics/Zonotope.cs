using System.Runtime.InteropServices;

namespace Rnn.Parity.Numerics;

/// <summary>
/// What the errors of H numbers can be: every Σ_i ξ_i g_i with |ξ_i| ≤ 1, a zonotope. An error travels through a linear map
/// with its sign; magnitudes are taken only where a bound is read off. docs/certified.md, theorem 2.
/// </summary>
/// <remarks>
/// Kühn, Rigorously computed orbits of dynamical systems without the wrapping effect (1998); Girard, Reachability of
/// uncertain linear systems using zonotopes (2005), where generators are replaced by a box that holds them.
/// </remarks>
internal sealed class Zonotope : IDisposable
{
    // The generators g_i by rows, in blocks of H, the oldest first.
    private readonly Tensor? generators;

    // What float64 left out since the last step, of no known sign.
    private readonly double[] slack;

    private Zonotope(Tensor? generators, double[] slack) => (this.generators, this.slack) = (generators, slack);

    public static Zonotope Zero(int size) => new(null, new double[size]);

    /// <summary>
    /// How many blocks to keep as they are: the more, the tighter. Limited by the work of a layer, 2³⁵ multiplications, and
    /// where the zonotopes of all rows are kept, by their memory, 2²⁹ bytes; at least four, after which errors have shrunk.
    /// </summary>
    public static int Kept(int rows, int size, bool stored)
    {
        var (work, memory) = (
            Math.ScaleB(1, 35) / ((double)rows * size * size * size),
            stored ? Math.ScaleB(1, 29) / (16.0 * rows * size * size) : 64
        );
        return (int)Math.Clamp(Math.Min(work, memory), 4, 64);
    }

    /// <summary>The largest error of each number, Σ_i |g_i|; infinite where nothing bounds it.</summary>
    public double[] Radius()
    {
        if (generators is null)
            return (double[])slack.Clone();
        using var scope = NewDisposeScope();
        var radius = Values(generators.abs().sum(dim: 0)).Zip(slack, (r, left) => r + left);
        // ∞ · 0 in a product
        return [.. radius.Select(r => double.IsNaN(r) ? double.PositiveInfinity : r)];
    }

    /// <summary>The errors of W x, where these are the errors of x.</summary>
    /// <param name="transposed">Wᵀ, (K, H), float64.</param>
    public Zonotope Through(Tensor transposed)
    {
        using var scope = NewDisposeScope();
        // float64 leaves out at most γ_K |W| Σ_i |g_i| of the products
        var γ = Rounding.Binary64.Gamma((int)transposed.shape[0] + 2);
        double[] left = [.. Radius().Zip(slack, (radius, own) => own + γ * radius)];
        return new(
            generators?.mm(transposed).MoveToOuterDisposeScope(),
            Values(tensor(left).unsqueeze(0).mm(transposed.abs()).squeeze(0))
        );
    }

    /// <summary>The errors of D x + e with |e_i| ≤ fresh_i. Of more than twice the kept blocks the oldest become a box.</summary>
    public Zonotope Step(double[] slopes, double[] fresh, int kept)
    {
        using var scope = NewDisposeScope();
        var (H, radius, unsigned) = (fresh.Length, Radius(), new double[fresh.Length]);
        for (var i = 0; i < H; i++)
            // a product with D rounds once
            unsigned[i] = fresh[i] + Math.Abs(slopes[i]) * (slack[i] + Rounding.Binary64.U * radius[i]);
        var blocks = new List<Tensor>();
        if (generators is not null && !Array.TrueForAll(slopes, slope => slope == 0))
        {
            var scaled = generators * tensor(slopes);
            if (scaled.shape[0] > 2 * kept * H)
            {
                var first = scaled.shape[0] - kept * H;
                blocks.Add(Box(Values(scaled.narrow(0, 0, first).abs().sum(dim: 0))));
                scaled = scaled.narrow(0, first, kept * H);
            }
            blocks.Add(scaled);
        }
        blocks.Add(Box(unsigned));
        return new(cat(blocks, 0).MoveToOuterDisposeScope(), new double[H]);
    }

    /// <summary>In no dispose scope: those are of one thread.</summary>
    public Zonotope Detached()
    {
        _ = generators?.DetachFromDisposeScope();
        return this;
    }

    /// <summary>Hands what is in no dispose scope to the one around the given one.</summary>
    public void MoveOutOf(TorchSharp.DisposeScope scope)
    {
        if (generators is null)
            return;
        scope.Attach(generators);
        generators.MoveToOuterDisposeScope();
    }

    public void Dispose() => generators?.Dispose();

    private static Tensor Box(double[] radius) => diag(tensor(radius));

    private static double[] Values(Tensor vector) => MemoryMarshal.Cast<byte, double>(vector.bytes).ToArray();
}
