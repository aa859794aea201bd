using static TorchSharp.torch;

namespace Rnn.Scratch;

/// <summary>
/// An Elman RNN over cells of two <c>nn.Linear</c>, after document 002's second form.
/// It stands wherever <c>nn.RNN</c> stands: the same options, results and parameter names.
/// </summary>
public sealed class LinearRnn : CellRnn<LinearRnnCell>
{
    /// <summary>Builds the RNN; its weights are drawn uniformly from ±1/√H, after nn.Linear's own draws.</summary>
    /// <param name="options">What nn.RNN is built with.</param>
    /// <exception cref="ArgumentException">An option is invalid; the message names it.</exception>
    public LinearRnn(RnnOptions options)
        : base(
            nameof(LinearRnn),
            options,
            o => new LinearRnnCell(o.InputSize, o.HiddenSize, o.NonLinearity, o.Bias, o.Device, o.Dtype)
        ) { }

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
    {
        var cell = Cell(suffix);
        if (InPlace(cell.Project, x, cell.W_hh, cell.B_hh, h_0, reverse) is { } all)
            return all;
        var turns = TurnsOf(cell.Project, x, h_0, reverse);
        var (states, h) = (new List<Tensor>(), h_0);
        for (var i = 0; i < turns.Count; i++)
            // h_t = φ(h2h(h_{t−1}) + i2h(x_t)), where g_t = i2h(x_t)
            states.Add(h = cell.Step(turns.Previous(h, i), turns.G, i));
        return states;
    }
}
