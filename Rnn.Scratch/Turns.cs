using static TorchSharp.torch;

namespace Rnn.Scratch;

/// <summary>The steps of one layer in one direction, by the turn in which they are computed.</summary>
public sealed class Turns
{
    private readonly Tensor[] steps;
    private readonly IReadOnlyList<long>? rows;
    private readonly Func<Tensor, Tensor>? project;
    private readonly Tensor h_0;

    /// <summary>From t = 1 to T, or from T to 1 in reverse.</summary>
    /// <param name="x">What the layer reads, or g_1 … g_T at once.</param>
    /// <param name="h_0">(B, H), the state before the first step.</param>
    /// <param name="reverse">Whether time runs from T to 1.</param>
    /// <param name="project">x_t ↦ g_t = W_ih x_t + b_ih; null if x is g already.</param>
    public Turns(StepSequence x, Tensor h_0, bool reverse, Func<Tensor, Tensor>? project = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(h_0);
        (this.h_0, this.project, steps) = (h_0, project, x.Steps(reverse));
        rows = reverse ? x.BatchSizes?.Reverse().ToList() : x.BatchSizes;
    }

    /// <summary>T.</summary>
    public int Count => steps.Length;

    /// <summary>What turn i reads, from 0: x_t, or g_t where all were projected at once.</summary>
    public Tensor X(int i) => steps[i];

    /// <summary>
    /// g_t of turn i. Per step it is evaluated here: nn.RNNCell evaluates W_hh h_{t−1} first, and second-order gradients are
    /// summed in that order.
    /// </summary>
    public Tensor G(int i) => project is null ? steps[i] : project(steps[i]);

    /// <summary>
    /// h_{t−1} for the rows of turn i: h itself, unless the sequences are packed. Then those that have ended leave it or,
    /// in reverse, those that begin enter with their h_0.
    /// </summary>
    public Tensor Previous(Tensor h, int i)
    {
        ArgumentNullException.ThrowIfNull(h);
        if (rows is null)
            return h;
        var had = h.size(0);
        return rows[i] == had ? h
            : rows[i] < had ? h.narrow(0, 0, rows[i])
            : cat([h, h_0.narrow(0, had, rows[i] - had)], 0);
    }
}
