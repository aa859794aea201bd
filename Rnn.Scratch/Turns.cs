using static TorchSharp.torch;

namespace Rnn.Scratch;

/// <summary>The steps of one layer in one direction, by the turn in which they are computed.</summary>
public sealed class Turns
{
    private readonly Tensor[] steps;
    private readonly IReadOnlyList<long>? rows;
    private readonly Func<Tensor, Tensor>? project;
    private readonly Tensor h_0;
    private readonly Tensor[] states;
    private (Tensor output, Tensor[] each, Tensor W_hhT, float beta)? places;

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
        states = new Tensor[steps.Length];
    }

    /// <summary>
    /// Without gradients, on a CPU, the states are computed in one tensor: W_hh h + b_hh is added up onto b_hh, which stands
    /// there already, as a product with a bias does it.
    /// </summary>
    internal Turns InPlace(Tensor W_hh, Tensor? b_hh, bool reverse)
    {
        if (is_grad_enabled() || rows is not null || W_hh.device_type != TorchSharp.DeviceType.CPU)
            return this;
        // a product's bits may depend on where its operands begin: as every tensor of its own, a state begins a line of 64 bytes
        var (T, B, H, line) = (steps.Length, h_0.size(0), W_hh.size(0), 64 / W_hh.element_size());
        var output = empty([T, (B * H + line - 1) / line * line], W_hh.dtype).narrow(1, 0, B * H).view(T, B, H);
        if (b_hh is not null)
            output.copy_(b_hh);
        var each = output.unbind(0);
        if (reverse)
            Array.Reverse(each);
        places = (output, each, W_hh.t(), b_hh is null ? 0 : 1);
        return this;
    }

    /// <summary>W_hh h_{t−1} + b_hh of turn i in its place; null where there are no places.</summary>
    internal Tensor? Sum(Tensor h, int i) =>
        places is var (_, each, W_hhT, beta) ? each[i].addmm_(h, W_hhT, beta, 1) : null;

    /// <summary>Keeps the state of turn i.</summary>
    internal Tensor Keep(int i, Tensor h) => states[i] = h;

    /// <summary>What was kept, in the order of computation.</summary>
    internal LayerStates States => new(states, places?.output.contiguous());

    /// <summary>T.</summary>
    public int Count => steps.Length;

    /// <summary>x_t of turn i, from 0.</summary>
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
