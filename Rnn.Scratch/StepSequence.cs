using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace Rnn.Scratch;

/// <summary>
/// The steps that a layer reads: T of B rows each, (T, B, ·), or packed: B_1 ≥ … ≥ B_T rows, one below the other in one
/// matrix, as sequences that end early leave the batch.
/// </summary>
/// <param name="Data">(T, B, ·), or packed (B_1 + … + B_T, ·).</param>
/// <param name="BatchSizes">B_1 … B_T if packed, else null.</param>
public sealed record StepSequence(Tensor Data, IReadOnlyList<long>? BatchSizes = null)
{
    /// <summary>The steps of a packed sequence.</summary>
    public static StepSequence Of(PackedSequence packed)
    {
        ArgumentNullException.ThrowIfNull(packed);
        return new(packed.data, MemoryMarshal.Cast<byte, long>(packed.batch_sizes.bytes).ToArray());
    }

    /// <summary>x_1 … x_T, or x_T … x_1 in reverse; each (B, ·) or (B_t, ·).</summary>
    public Tensor[] Steps(bool reverse)
    {
        var steps = BatchSizes is null ? Data.unbind(0) : [.. Rows(BatchSizes)];
        if (reverse)
            Array.Reverse(steps);
        return steps;
    }

    /// <summary>The same steps of a layer's states, which come in the order in which they were computed.</summary>
    public StepSequence Join(IReadOnlyList<Tensor> states, bool reverse)
    {
        if (states is LayerStates { Output: var output })
            return this with { Data = output };
        var steps = reverse ? states.Reverse() : states;
        return this with { Data = BatchSizes is null ? stack(steps, 0) : cat([.. steps], 0) };
    }

    /// <summary>The state of each row after its own last step, (B, H).</summary>
    public Tensor Last(IReadOnlyList<Tensor> states, bool reverse)
    {
        ArgumentNullException.ThrowIfNull(states);
        if (BatchSizes is null || reverse)
            return states[^1];
        var ended = new List<Tensor>();
        long rows = 0;
        for (var t = states.Count - 1; t >= 0; t--)
        {
            if (BatchSizes[t] > rows)
                ended.Add(states[t].narrow(0, rows, BatchSizes[t] - rows));
            rows = BatchSizes[t];
        }
        return cat(ended, 0);
    }

    private IEnumerable<Tensor> Rows(IReadOnlyList<long> batchSizes)
    {
        long first = 0;
        foreach (var rows in batchSizes)
        {
            yield return Data.narrow(0, first, rows);
            first += rows;
        }
    }
}
