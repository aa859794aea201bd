namespace Rnn.Parity.Diagnosis;

/// <summary>One direction of one layer of a traced run, in tensors, to try orders of rounding in libtorch's own arithmetic.</summary>
internal sealed class Pass(Trace trace, int layer, bool reverse)
{
    private readonly string suffix = RnnOptions.Suffix(layer, reverse);
    private readonly long H = trace.Case.Options.HiddenSize;

    public RnnOptions Options => trace.Case.Options;

    /// <summary>(T, B, I), or D·H features above the first layer.</summary>
    public Tensor Input => trace.Inputs[layer];

    /// <summary>(B, H).</summary>
    private Tensor H_0 => trace.H_0.select(0, layer * trace.Case.Options.NumDirections + (reverse ? 1 : 0));

    /// <summary>T.</summary>
    public int T => (int)Input.shape[0];

    /// <summary>A weight by the beginning of its name; null if there is none.</summary>
    public Tensor? Weight(string kind) => trace.Weights.GetValueOrDefault($"{kind}_{suffix}");

    /// <summary>The step of the sequence that is computed at turn i, from 0.</summary>
    public int Time(int i) => reverse ? T - 1 - i : i;

    /// <summary>The state (B, H) that was computed at turn i; h_0 before the first.</summary>
    public Tensor State(int i) => i < 0 ? H_0 : trace.Layers[layer].narrow(-1, reverse ? H : 0, H).select(0, Time(i));
}
