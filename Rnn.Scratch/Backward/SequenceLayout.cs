using static TorchSharp.torch;

namespace Rnn.Scratch.Backward;

/// <summary>How the caller's tensors lie: batched or not, batch first or not. Inside, all is (T, B, ·) and (L·D, B, H).</summary>
internal sealed class SequenceLayout(RnnOptions options, Tensor input)
{
    private readonly bool batched = input.dim() == 3;

    /// <summary>A sequence as (T, B, ·); a new handle in any case.</summary>
    public Tensor ToSteps(Tensor sequence) =>
        !batched ? sequence.unsqueeze(1)
        : options.BatchFirst ? sequence.transpose(0, 1)
        : sequence.detach();

    /// <summary>A sequence (T, B, ·) as the caller's lie.</summary>
    public Tensor FromSteps(Tensor steps) =>
        !batched ? steps.squeeze(1)
        : options.BatchFirst ? steps.transpose(0, 1)
        : steps;

    /// <summary>States as (L·D, B, H); a new handle in any case.</summary>
    public Tensor ToStates(Tensor states) => batched ? states.detach() : states.unsqueeze(1);

    /// <summary>States (L·D, B, H) as the caller's lie.</summary>
    public Tensor FromStates(Tensor states) => batched ? states : states.squeeze(1);

    /// <summary>Steps from the order of time to that of computation, and back.</summary>
    public static Tensor InOrder(Tensor steps, bool reverse) => reverse ? steps.flip(0) : steps;
}
