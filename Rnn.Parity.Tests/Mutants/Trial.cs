using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;

namespace Rnn.Parity.Tests.Mutants;

/// <summary>One case and what it takes to pass it.</summary>
/// <param name="Case">The case.</param>
/// <param name="Tensors">Its tensors.</param>
/// <param name="Judge">What the quantities of a run establish.</param>
public sealed record Trial(RnnCase Case, CaseTensors Tensors, Func<Quantities, Finding> Judge)
{
    /// <summary>Whether an argument of relu is exactly 0.</summary>
    public bool HasZero { get; init; }

    /// <summary>Whether gradients are judged.</summary>
    public bool HasGradients { get; init; } = true;

    /// <summary>Whether nothing rounds.</summary>
    public bool IsExact { get; init; }
}

/// <summary>The trials of one kind of evidence.</summary>
/// <param name="Name">The evidence, by its word.</param>
/// <param name="Trials">Its trials.</param>
public sealed record TrialKind(string Name, IReadOnlyList<Trial> Trials);
