using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace Rnn.Scratch;

/// <summary>The order of the sequences in a packed batch, longest first, and the way back.</summary>
internal static class Packing
{
    /// <summary>States (L·D, B, H) in the order of the packed batch.</summary>
    public static Tensor Sort(Tensor states, PackedSequence packed) =>
        packed.sorted_indices.IsInvalid ? states : states.index_select(1, packed.sorted_indices);

    /// <summary>States (L·D, B, H) in the order that the caller's batch had.</summary>
    public static Tensor Unsort(Tensor states, PackedSequence packed) =>
        packed.unsorted_indices.IsInvalid ? states : states.index_select(1, packed.unsorted_indices);

    /// <summary>Packs data as the given batch is packed: padded step by step, in the caller's order, and packed again.</summary>
    public static PackedSequence Like(PackedSequence packed, StepSequence steps)
    {
        var B = steps.BatchSizes![0];
        var padded = stack(steps.Steps(reverse: false).Select(x_t => Pad(x_t, B)), 0);
        var lengths = tensor(
            Enumerable.Range(0, (int)B).Select(b => steps.BatchSizes.LongCount(rows => rows > b)).ToArray()
        );
        if (packed.unsorted_indices.IsInvalid)
            return pack_padded_sequence(padded, lengths);
        return pack_padded_sequence(
            padded.index_select(1, packed.unsorted_indices),
            lengths.index_select(0, packed.unsorted_indices.cpu()),
            enforce_sorted: false
        );
    }

    private static Tensor Pad(Tensor x_t, long rows) =>
        x_t.shape[0] == rows ? x_t : cat([x_t, zeros(rows - x_t.shape[0], x_t.shape[1], x_t.dtype, x_t.device)], 0);
}
