using System.Runtime.InteropServices;
using static TorchSharp.torch.nn.utils.rnn;

namespace Rnn.Parity.Bounds;

/// <summary>The steps of the sequences of a batch, in the order in which an output has them.</summary>
internal sealed class Rows
{
    private readonly int batch;
    private readonly Dictionary<(int t, int b), int> at = [];
    private readonly List<(int t, int b)> rows;
    private readonly int[] lengths;
    private readonly int[][] forward;
    private readonly int[][] backward;

    /// <summary>The rows of a case: T · B of them, or those of its packed sequences.</summary>
    public Rows(RnnCase c)
    {
        batch = (int)c.B;
        rows = [.. Numbers(c).Select(n => ((int)n / batch, (int)n % batch))];
        lengths = c.Lengths is null ? [.. Enumerable.Repeat((int)c.T, batch)] : [.. c.Lengths.Select(n => (int)n)];
        for (var row = 0; row < rows.Count; row++)
            at[rows[row]] = row;
        forward = [.. lengths.Select((length, b) => Enumerable.Range(0, length).Select(t => at[(t, b)]).ToArray())];
        backward = [.. forward.Select(sequence => sequence.Reverse().ToArray())];
    }

    /// <summary>How many.</summary>
    public int Count => rows.Count;

    /// <summary>The rows of one sequence in the order of computation.</summary>
    public int[] Of(int b, bool reverse) => reverse ? backward[b] : forward[b];

    /// <summary>The row of step t of sequence b; −1 where it has none.</summary>
    public int At(int t, int b) => at.GetValueOrDefault((t, b), -1);

    /// <summary>t, and how many steps its sequence has.</summary>
    public (int t, int length) Time(int row) => (rows[row].t, lengths[rows[row].b]);

    /// <summary>How many sequences.</summary>
    public int Batch => batch;

    /// <summary>The row from which a row is computed, or null where it is h_0 of its sequence.</summary>
    public int? Previous(int row, bool reverse)
    {
        var (t, b) = rows[row];
        return at.TryGetValue((reverse ? t + 1 : t - 1, b), out var previous) ? previous : null;
    }

    /// <summary>The sequence that a row belongs to.</summary>
    public int Sequence(int row) => rows[row].b;

    /// <summary>As in: step 3, row 0.</summary>
    public string Name(int row) => FormattableString.Invariant($"step {rows[row].t}, row {rows[row].b}");

    /// <summary>The rows of a padded sequence (T, B, ·).</summary>
    public Matrix Gather(Matrix padded)
    {
        var gathered = new double[Count * padded.Columns];
        for (var row = 0; row < Count; row++)
            padded.Row(rows[row].t * batch + rows[row].b).CopyTo(gathered.AsSpan(row * padded.Columns));
        return new(gathered, Count, padded.Columns);
    }

    /// <summary>The rows of a padded sequence (T, B, ·) that belong to no sequence.</summary>
    public Matrix Padding(Matrix padded)
    {
        var left = Enumerable.Range(0, padded.Rows).Where(row => !at.ContainsKey((row / batch, row % batch))).ToList();
        return new([.. left.SelectMany(row => padded.Row(row).ToArray())], left.Count, padded.Columns);
    }

    /// <summary>h_{t−1} for every row, from all h_t and h_0.</summary>
    public Matrix Before(Matrix states, Matrix h_0, bool reverse)
    {
        var before = new double[Count * h_0.Columns];
        for (var row = 0; row < Count; row++)
            (Previous(row, reverse) is { } previous ? states.Row(previous) : h_0.Row(Sequence(row))).CopyTo(
                before.AsSpan(row * h_0.Columns)
            );
        return new(before, Count, h_0.Columns);
    }

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
