using Rnn.Parity.Tests.Oracles;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Mutants;

/// <summary>What a trial must have for a mistake to show.</summary>
/// <param name="Words">Its name, as in: needs two layers.</param>
/// <param name="In">Whether a trial has it.</param>
public sealed record Need(string Words, Func<Trial, bool> In)
{
    /// <summary>More than one layer.</summary>
    public static Need Layers { get; } = new("two layers", t => t.Case.Options.NumLayers > 1);

    /// <summary>One layer in one direction, whose states are the whole output.</summary>
    public static Need OneLayer { get; } =
        new("one layer in one direction", t => t.Case.Options is { NumLayers: 1, Bidirectional: false });

    /// <summary>Both directions.</summary>
    public static Need Directions { get; } = new("two directions", t => t.Case.Options.Bidirectional);

    /// <summary>More than one row.</summary>
    public static Need Batch { get; } = new("a batch", t => t.Case.B > 1);

    /// <summary>As many steps as rows, so that one can be taken for the other.</summary>
    public static Need StepsAsRows { get; } = new("as many steps as rows", t => t.Case.T == t.Case.B);

    /// <summary>A square W_ih.</summary>
    public static Need Square { get; } =
        new("as many features as units", t => t.Case.Options.InputSize == t.Case.Options.HiddenSize);

    /// <summary>An input as wide as a layer's output.</summary>
    public static Need Wide { get; } =
        new(
            "an input as wide as a layer's output",
            t => t.Case.Options.InputSize == t.Case.Options.NumDirections * t.Case.Options.HiddenSize
        );

    /// <summary>More than one unit.</summary>
    public static Need Units { get; } = new("two units", t => t.Case.Options.HiddenSize > 1);

    /// <summary>A given h_0.</summary>
    public static Need State { get; } = new("a given h_0", t => t.Tensors.H_0 is not null);

    /// <summary>tanh.</summary>
    public static Need Tanh { get; } = new("tanh", t => t.Case.Options.NonLinearity == NonLinearities.Tanh);

    /// <summary>relu.</summary>
    public static Need ReLU { get; } = new("relu", t => t.Case.Options.NonLinearity == NonLinearities.ReLU);

    /// <summary>An argument of relu that is exactly 0.</summary>
    public static Need Zero { get; } = new("an argument of relu that is 0", t => t.HasZero);

    /// <summary>Dropout, in training.</summary>
    public static Need Dropout { get; } =
        new("dropout in training", t => t.Case is { Options.Dropout: > 0, Evaluation: false });

    /// <summary>Dropout, in evaluation.</summary>
    public static Need Evaluation { get; } =
        new("dropout in evaluation", t => t.Case is { Options.Dropout: > 0, Evaluation: true });

    /// <summary>Gradients to compare.</summary>
    public static Need Gradient { get; } = new("gradients", t => t.HasGradients);

    /// <summary>A number that the format rounds: a trial in which nothing rounds in it shows nothing.</summary>
    /// <param name="format">The format.</param>
    /// <param name="name">Its name, where it is another of as many bits.</param>
    public static Need Rounds(ScalarType format, string? name = null) =>
        new($"a number that {name ?? $"{format}"} rounds", t => !t.IsExact || !IsExact(t, format));

    // The oracle refuses what could round.
    private static bool IsExact(Trial t, ScalarType format)
    {
        using var scope = NewDisposeScope();
        try
        {
            _ = DropoutOracle.Of(t.Case with { Options = t.Case.Options with { Dtype = format } }, t.Tensors);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
