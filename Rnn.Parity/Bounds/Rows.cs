using System.Runtime.InteropServices;
using static TorchSharp.torch.nn.utils.rnn;

namespace Rnn.Parity.Bounds;

/// <summary>The steps of the sequences of a batch, in the order in which an output has them.</summary>
internal sealed class Rows
{
    private readonly Dictionary<(int t, int b), int> at = [];
    private readonly List<(int t, int b)> rows;
    private readonly int[] lengths;
    private readonly int[][] forward;
    private readonly int[][] backward;

    /// <summary>The rows of a case: T · B of them, or those of its packed sequences.</summary>
    public Rows(RnnCase c)
    {
        Batch = (int)c.B;
        rows = [.. Numbers(c).Select(n => ((int)n / Batch, (int)n % Batch))];
        lengths = c.Lengths is null ? [.. Enumerable.Repeat((int)c.T, Batch)] : [.. c.Lengths.Select(n => (int)n)];
        for (var row = 0; row < rows.Count; row++)
            at[rows[row]] = row;
        forward = [.. lengths.Select((length, b) => Enumerable.Range(0, length).Select(t => at[(t, b)]).ToArray())];
        backward = [.. forward.Select(sequence => sequence.Reverse().ToArray())];
    }

    public int Count => rows.Count;

    /// <summary>The rows of one sequence in the order of computation.</summary>
    public int[] Of(int b, bool reverse) => reverse ? backward[b] : forward[b];

    /// <summary>The row of step t of sequence b; −1 where it has none.</summary>
    public int At(int t, int b) => at.GetValueOrDefault((t, b), -1);

    /// <summary>t, and how many steps its sequence has.</summary>
    public (int t, int length) Time(int row) => (rows[row].t, lengths[rows[row].b]);

    public int Batch { get; }

    /// <summary>The row from which a row is computed, −1 − b where it is h_0 of sequence b.</summary>
    public int Previous(int row, bool reverse)
    {
        var (t, b) = rows[row];
        return at.GetValueOrDefault((reverse ? t + 1 : t - 1, b), -1 - b);
    }

    public int Sequence(int row) => rows[row].b;

    public string Name(int row) => FormattableString.Invariant($"step {rows[row].t}, row {rows[row].b}");

    /// <summary>The rows of a padded sequence (T, B, ·).</summary>
    public Matrix Gather(Matrix padded) => padded.Gather(rows.ConvertAll(row => row.t * Batch + row.b));

    /// <summary>The rows of a padded sequence (T, B, ·) that belong to no sequence.</summary>
    public Matrix Padding(Matrix padded) =>
        padded.Gather([.. Enumerable.Range(0, padded.Rows).Where(row => !at.ContainsKey((row / Batch, row % Batch)))]);

    // A packed sequence of the numbers t·B + b says which row is which step of which sequence.
    private static IEnumerable<long> Numbers(RnnCase c)
    {
        var numbers = Enumerable.Range(0, (int)(c.T * c.B)).Select(n => (long)n);
        if (c.Lengths is null)
            return numbers;
        using var scope = NewDisposeScope();
        var padded = tensor(numbers.ToArray()).view(c.T, c.B);
        var packed = pack_padded_sequence(padded, tensor(c.Lengths.ToArray()), false, c.EnforceSorted);
        return MemoryMarshal.Cast<byte, long>(packed.data.bytes).ToArray();
    }
}
