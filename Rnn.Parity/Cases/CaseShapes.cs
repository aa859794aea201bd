using System.Globalization;
using System.Text.RegularExpressions;

namespace Rnn.Parity.Cases;

/// <summary>Which tensors a case and its runs have, by name, and their shapes.</summary>
internal sealed partial class CaseShapes(RnnCase c)
{
    /// <summary>What a run makes: output, h_n, grad.input, grad.h_0, and the gradient of each weight.</summary>
    public static bool IsQuantity(string name) =>
        name is "output" or "h_n" || (IsGradient(name) && !name.StartsWith("grad.h_l", StringComparison.Ordinal));

    public static bool IsGradient(string name) => name.StartsWith("grad.", StringComparison.Ordinal);

    public static bool IsOfSecondOrder(string name) => name.StartsWith("grad2.", StringComparison.Ordinal);

    /// <summary>The shape of what a run makes, gradients of gradients as well; null if it makes none of this name.</summary>
    public long[]? OfQuantity(string name) =>
        name.Replace("grad2.", "grad.", StringComparison.Ordinal) is var first && IsQuantity(first) ? Of(first) : null;

    /// <summary>The outputs of the layers below the last, from the first on.</summary>
    public IEnumerable<string> LayerOutputs =>
        Enumerable.Range(0, (int)c.Options.NumLayers - 1).Select(k => FormattableString.Invariant($"output_l{k}"));

    /// <summary>The shape of the gradients of a layer's states, (T, B, H); of packed sequences (N, 1, H).</summary>
    public long[] OfAdjoint =>
        c.Lengths is { } n ? [n.Sum(), 1, c.Options.HiddenSize] : [c.T, c.B, c.Options.HiddenSize];

    /// <summary>The gradients of the states, of every layer and direction in the order of h_0.</summary>
    public IEnumerable<string> Adjoints => c.Options.Suffixes.Select(suffix => $"grad.h_{suffix}");

    /// <summary>The shape of a tensor; null if a case like this has none of this name.</summary>
    public long[]? Of(string name) =>
        name switch
        {
            "input" or "grad.input" => c.InputShape,
            "h_0" or "h_n" or "grad_h_n" => c.StateShape,
            "grad.h_0" => c.WithoutInitialState ? null : c.StateShape,
            "output" or "grad_output" => c.RunOutputShape,
            _ => OfLayer(name),
        };

    // A weight, its gradient, or what a layer keeps to itself.
    private long[]? OfLayer(string name)
    {
        var match = NameOfLayer().Match(name);
        var (kind, layer) = (match.Groups["kind"].Value, match.Groups["layer"].Value);
        if (
            !int.TryParse(layer, NumberStyles.None, CultureInfo.InvariantCulture, out var k)
            || k >= c.Options.NumLayers
            || (match.Groups["reverse"].Success && !c.Options.Bidirectional)
        )
            return null;
        return kind switch
        {
            "output" => match.Groups["reverse"].Success || k == c.Options.NumLayers - 1 ? null : c.RunOutputShape,
            "grad.h" => [.. c.RunOutputShape[..^1], c.Options.HiddenSize],
            "bias_ih" or "bias_hh" or "grad.bias_ih" or "grad.bias_hh" when !c.Options.Bias => null,
            _ => c.Options.ShapeOf(name[(name.LastIndexOf('.') + 1)..]),
        };
    }

    [GeneratedRegex(
        "^(?<kind>output|grad\\.h|(grad\\.)?(weight_ih|weight_hh|bias_ih|bias_hh))_l(?<layer>0|[1-9][0-9]*)(?<reverse>_reverse)?$"
    )]
    private static partial Regex NameOfLayer();
}
