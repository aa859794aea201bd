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
    protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
    {
        ArgumentNullException.ThrowIfNull(x);
        var h = h_0;
        return [.. x.Steps(reverse).Select(x_t => h = Cell(suffix).call(x_t, Previous(h, x_t, h_0)))];
    }
}
