using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch.nn.utils.rnn;

namespace Rnn.Parity.Cases;

/// <summary>
/// The reference of the per-step order: TorchSharp's nn.RNNCell for every layer and direction, in a plain loop over the
/// steps. It shares no code with the implementations that are judged by it.
/// </summary>
internal sealed class RnnCellLoop : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly RnnOptions options;
    private readonly List<(string suffix, RNNCell cell)> cells = [];

    /// <summary>Builds a cell for every layer and direction.</summary>
    public RnnCellLoop(RnnOptions options)
        : base(nameof(RnnCellLoop))
    {
        this.options = options;
        for (var layer = 0; layer < options.NumLayers; layer++)
        for (var direction = 0; direction < (options.Bidirectional ? 2 : 1); direction++)
        {
            var features =
                layer == 0 ? options.InputSize
                : options.Bidirectional ? 2 * options.HiddenSize
                : options.HiddenSize;
            var cell = nn.RNNCell(
                features,
                options.HiddenSize,
                options.NonLinearity,
                options.Bias,
                options.Device,
                options.Dtype
            );
            var suffix = FormattableString.Invariant($"l{layer}{(direction == 1 ? "_reverse" : "")}");
            register_module(suffix, cell);
            cells.Add((suffix, cell));
        }
    }

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h_0 = null)
    {
        var x =
            input.dim() == 2 ? input.unsqueeze(1)
            : options.BatchFirst ? input.transpose(0, 1)
            : input;
        var rows = Enumerable.Repeat(x.shape[1], (int)x.shape[0]).ToArray();
        var (y, h_n) = Stack(x, rows, steps => stack(steps, 0), input.dim() == 2 ? h_0?.unsqueeze(1) : h_0);
        return input.dim() == 2 ? (y.squeeze(1), h_n.squeeze(1))
            : options.BatchFirst ? (y.transpose(0, 1), h_n)
            : (y, h_n);
    }

    /// <summary>Runs packed sequences.</summary>
    public (Tensor data, Tensor h_n) Packed(PackedSequence input, Tensor? h_0)
    {
        if (!input.sorted_indices.IsInvalid)
            h_0 = h_0?.index_select(1, input.sorted_indices);
        var rows = MemoryMarshal.Cast<byte, long>(input.batch_sizes.bytes).ToArray();
        var (y, h_n) = Stack(input.data, rows, steps => cat(steps, 0), h_0);
        return (y, input.unsorted_indices.IsInvalid ? h_n : h_n.index_select(1, input.unsorted_indices));
    }

    // rows: of how many sequences there is a step t. They begin together, and the longest stands first.
    private (Tensor, Tensor) Stack(Tensor x, long[] rows, Func<IList<Tensor>, Tensor> join, Tensor? h_0)
    {
        var (last, initial) = (new List<Tensor>(), h_0?.unbind(0));
        for (var layer = 0; layer < options.NumLayers; layer++)
        {
            if (layer > 0 && options.Dropout > 0)
                x = nn.functional.dropout(x, options.Dropout, training);
            var sides = new List<Tensor>();
            for (var direction = 0; direction < (options.Bidirectional ? 2 : 1); direction++)
            {
                var start = initial?[last.Count] ?? zeros(rows[0], options.HiddenSize, x.dtype, x.device);
                var steps = x.dim() == 3 ? x.unbind(0) : Cut(x, rows);
                var cell = cells[last.Count].cell;
                var (states, end) =
                    direction == 0 ? Forward(cell, steps, rows, start) : Backward(cell, steps, rows, start);
                sides.Add(join(states));
                last.Add(end);
            }
            x = sides.Count == 1 ? sides[0] : cat(sides, -1);
        }
        return (x, stack(last, 0));
    }

    // As libtorch cuts packed data: the gradient of each piece is added to zeros, which have no sign.
    private static Tensor[] Cut(Tensor data, long[] rows)
    {
        var first = 0L;
        return [.. rows.Select(count => data.narrow(0, (first += count) - count, count))];
    }

    private static (Tensor[] states, Tensor end) Forward(RNNCell cell, Tensor[] steps, long[] rows, Tensor h)
    {
        var states = new Tensor[steps.Length];
        for (var t = 0; t < steps.Length; t++)
            states[t] = h = cell.call(steps[t], rows[t] < h.shape[0] ? h.narrow(0, 0, rows[t]) : h);
        if (rows[^1] == rows[0])
            return (states, h);
        // the shortest sequences end first
        var ends = new List<Tensor> { h };
        for (var t = steps.Length - 2; t >= 0; t--)
            if (rows[t] > rows[t + 1])
                ends.Add(states[t].narrow(0, rows[t + 1], rows[t] - rows[t + 1]));
        return (states, cat(ends, 0));
    }

    private static (Tensor[] states, Tensor end) Backward(RNNCell cell, Tensor[] steps, long[] rows, Tensor h_0)
    {
        var states = new Tensor[steps.Length];
        var h = rows[^1] < h_0.shape[0] ? h_0.narrow(0, 0, rows[^1]) : h_0;
        for (var t = steps.Length - 1; t >= 0; t--)
        {
            var had = h.shape[0];
            if (rows[t] > had)
                h = cat([h, h_0.narrow(0, had, rows[t] - had)], 0);
            states[t] = h = cell.call(steps[t], h);
        }
        return (states, h);
    }

    /// <summary>The weights, under the names that nn.RNN gives them.</summary>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
    {
        foreach (var (suffix, cell) in cells)
        foreach (var (name, parameter) in cell.named_parameters())
            yield return ($"{name}_{suffix}", parameter);
    }

    public override Dictionary<string, Tensor> state_dict(
        Dictionary<string, Tensor>? destination = null,
        string? prefix = null
    ) => named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
}
