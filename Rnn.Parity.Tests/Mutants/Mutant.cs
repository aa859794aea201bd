using Rnn.Parity.Cases;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Mutants;

/// <summary>What sort of mistake it is.</summary>
public enum MutantKind
{
    /// <summary>None: it stands for what must survive.</summary>
    Control,

    /// <summary>Another function.</summary>
    Function,

    /// <summary>The right function in lower precision.</summary>
    Precision,

    /// <summary>The right function in another order of rounding: only its bits may differ.</summary>
    Rounding,

    /// <summary>The right function with a wrong gradient.</summary>
    Gradient,
}

/// <summary>A wrong RNN.</summary>
/// <param name="Name">Its name, in kebab-case.</param>
/// <param name="Mistake">What a person did wrong, in a sentence.</param>
/// <param name="Kind">What sort of mistake it is.</param>
/// <param name="Rnn">Builds it.</param>
public sealed record Mutant(string Name, string Mistake, MutantKind Kind, RnnFactory Rnn)
{
    /// <summary>What a case must have for the mistake to show.</summary>
    public IReadOnlyList<Need> Needs { get; init; } = [];

    /// <summary>The quantities of a run by name, given those of the call before it.</summary>
    public Func<Quantities, Quantities, Quantities> Finish { get; init; } = static (_, quantities) => quantities;

    /// <summary>Whether a trial has what the mistake needs to show.</summary>
    public bool ShowsIn(Trial trial) => Needs.All(need => need.In(trial));

    /// <summary>The quantities of a case by name, as <see cref="RnnRun"/> has them.</summary>
    public Quantities Run(RnnCase c, CaseTensors tensors, Device device)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var before = RnnRun.Of(Rnn, c, tensors with { Input = tensors.Input.Plus(1) }, device);
        return Finish(before, RnnRun.Of(Rnn, c, tensors, device));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
