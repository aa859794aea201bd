using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rnn.Scratch;

/// <summary>A stack of cells, one per layer and direction: a cell's weight_ih is the stack's weight_ih_l0, and so on.</summary>
/// <typeparam name="TCell">The cell, a module whose parameters are named as nn.RNNCell's.</typeparam>
public abstract class CellRnn<TCell> : ElmanRnn
    where TCell : nn.Module
{
    private static readonly string[] kinds = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];
    private readonly Dictionary<string, TCell> cells = [];

    /// <summary>Builds a cell for every layer and direction.</summary>
    protected CellRnn(string name, RnnOptions options, Func<RnnOptions, TCell> cell)
        : base(name, options)
    {
        ArgumentNullException.ThrowIfNull(cell);
        foreach (var suffix in Options.Suffixes)
        {
            cells.Add(suffix, cell(Options with { InputSize = Options.InputSizeOf(suffix) }));
            register_module(suffix, cells[suffix]);
        }
        RegisterComponents();
    }

    /// <summary>The cell of one layer in one direction.</summary>
    protected TCell Cell(string suffix) => cells[suffix];

    /// <summary>The weights, under the names that nn.RNN gives them.</summary>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
    {
        foreach (var (suffix, cell) in cells)
        foreach (var (name, parameter) in cell.named_parameters().OrderBy(p => Array.IndexOf(kinds, p.name)))
            yield return ($"{name}_{suffix}", parameter);
    }

    /// <inheritdoc/>
    public override Parameter? get_parameter(string target) =>
        named_parameters().FirstOrDefault(p => p.name == target).parameter;

    /// <inheritdoc/>
    public override bool has_parameter(string target) => get_parameter(target) is not null;

    /// <inheritdoc/>
    public override Dictionary<string, Tensor> state_dict(
        Dictionary<string, Tensor>? destination = null,
        string? prefix = null
    ) => StateDict.Of(this, destination, prefix);
}
