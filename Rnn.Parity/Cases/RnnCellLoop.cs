using Rnn.Scratch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rnn.Parity.Cases;

/// <summary>nn.RNNCell, called once a step; the arithmetic of every step is TorchSharp's own.</summary>
public sealed class RnnCellLoop(RnnOptions options)
    : CellRnn<RNNCell>(
        nameof(RnnCellLoop),
        options,
        o => nn.RNNCell(o.InputSize, o.HiddenSize, o.NonLinearity, o.Bias, o.Device, o.Dtype)
    )
{
    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Layer(string suffix, Tensor x, Tensor h, bool reverse)
    {
        ArgumentNullException.ThrowIfNull(x);
        var steps = x.unbind(0);
        if (reverse)
            Array.Reverse(steps);
        return steps.Select(x_t => h = Cell(suffix).call(x_t, h)).ToList();
    }
}
