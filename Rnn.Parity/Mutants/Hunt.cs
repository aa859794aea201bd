using System.Globalization;
using Rnn.Parity.Cases;
using Rnn.Parity.Divergences;
using Rnn.Parity.Exact;
using static TorchSharp.torch;

namespace Rnn.Parity.Mutants;

/// <summary>An exercise: a wrong RNN is run, and a person names the mistake from what the comparison shows.</summary>
/// <param name="seed">Which one.</param>
/// <param name="trials">Where it is run.</param>
public sealed class Hunt(int seed, TrialKind trials)
{
    /// <summary>The mistakes to choose from.</summary>
    public static IReadOnlyList<Mutant> Choices => Catalogue.Mutants;

    /// <summary>What is hunted.</summary>
    public Mutant Quarry { get; } = Choices[(int)((uint)seed * 2654435761u % (uint)Choices.Count)];

    /// <summary>What the comparison with nn.RNNCell shows.</summary>
    public string Clue()
    {
        if (KillMatrix.Killer(Quarry, trials) is not var (trial, finding))
            return "The bits are those of nn.RNNCell in every case.";
        return $"{trial.Case}: the RNN differs from {RnnFactory.RnnCell} on cpu, after a call with other input"
            + finding.Explanation![finding.Explanation!.IndexOf('\n', StringComparison.Ordinal)..]
            + Began(trial.Case);
    }

    /// <summary>Whether an answer is right: the mistake itself, or one that makes the same of every case.</summary>
    public bool IsRight(Mutant answer) => answer == Quarry || trials.Trials.All(trial => IsSame(answer, trial));

    /// <summary>The mistakes by number, a line each.</summary>
    public static string List =>
        string.Join(
            '\n',
            Choices.Select((m, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1, 3}. {m.Name}"))
        );

    /// <summary>The choice of that number or name; null if there is none.</summary>
    public static Mutant? Choice(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        answer = answer.Trim();
        return int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Choices.ElementAtOrDefault(number - 1)
            : Choices.FirstOrDefault(m => m.Name == answer);
    }

    private string Began(RnnCase c) =>
        Divergence.Explain(Quarry.Rnn with { Name = "the RNN" }, RnnFactory.RnnCell, c, CPU) is { } words
            ? $"\n  {words}"
            : "";

    private bool IsSame(Mutant answer, Trial trial)
    {
        using var scope = NewDisposeScope();
        var (quarry, answered) = (Made(Quarry, trial), Made(answer, trial));
        return quarry is null || answered is null
            ? quarry is null && answered is null
            : ParityCheck.Compare("", answered, quarry).Holds;
    }

    // Null where the mistake does not show. Zeros have no sign here.
    private static Dictionary<string, Tensor>? Made(Mutant mutant, Trial trial) =>
        mutant.ShowsIn(trial) ? ExactJob.PlusZero(mutant.Run(trial.Case, trial.Tensors, CPU)) : null;
}
