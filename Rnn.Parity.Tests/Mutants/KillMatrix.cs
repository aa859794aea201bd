using Rnn.Parity.Bounds;
using Rnn.Parity.Comparison;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Mutants;

/// <summary>What one kind of evidence makes of one mutant.</summary>
public enum Fate
{
    /// <summary>It passes every trial in which its mistake can show.</summary>
    Alive,

    /// <summary>It fails a trial.</summary>
    Killed,

    /// <summary>There is no trial in which its mistake can show.</summary>
    NotApplicable,
}

/// <summary>A fate, with the case that killed or the reason for which there is none.</summary>
public sealed record Cell(Fate Fate, string Words)
{
    /// <summary>As the table and the certificate say it.</summary>
    public override string ToString() =>
        Fate switch
        {
            Fate.Killed => "killed",
            Fate.Alive => "alive",
            _ => $"n/a: needs {Words}",
        };
}

/// <summary>Wrong RNNs × kinds of evidence.</summary>
public sealed class KillMatrix
{
    /// <summary>Prepares the trials.</summary>
    /// <param name="certify">How a run is certified.</param>
    public KillMatrix(Certify? certify = null) =>
        Kinds = [
            Trials.Identical(),
            Trials.Exact(),
            Trials.Certified(certify ?? ((c, tensors, run) => Certification.Of(c, tensors, run))),
            Trials.Published(),
        ];

    /// <summary>The names of the kinds of evidence, identical first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["identical", "exact", "certified", "published"];

    /// <summary>The kinds of evidence, in the order of their names.</summary>
    public IReadOnlyList<TrialKind> Kinds { get; }

    /// <summary>What each kind makes of a mutant.</summary>
    public KillRow Of(Mutant mutant) => new(mutant, [.. Kinds.Select(kind => Of(mutant, kind))]);

    /// <summary>The rows of every control and every mutant.</summary>
    public IReadOnlyList<KillRow> Rows() => [.. Catalogue.Controls.Concat(Catalogue.Mutants).Select(Of)];

    /// <summary>The first trial of a kind that a mutant fails, and what was found; null if it passes all.</summary>
    public static (Trial trial, Finding finding)? Killer(Mutant mutant, TrialKind kind)
    {
        ArgumentNullException.ThrowIfNull(mutant);
        ArgumentNullException.ThrowIfNull(kind);
        foreach (var trial in Fitting(mutant, kind))
        {
            using var scope = NewDisposeScope();
            var finding = trial.Judge(mutant.Run(trial.Case, trial.Tensors, CPU));
            if (finding.Evidence == Evidence.Differs || finding.Doubt is not null)
                return (trial, finding);
        }
        return null;
    }

    private static Cell Of(Mutant mutant, TrialKind kind) =>
        Fitting(mutant, kind).Any()
            ? Killer(mutant, kind) is var (trial, _)
                ? new(Fate.Killed, trial.Case.Id)
                : new(Fate.Alive, "")
            : new(Fate.NotApplicable, Lacking(mutant, kind));

    private static IEnumerable<Trial> Fitting(Mutant mutant, TrialKind kind) => kind.Trials.Where(mutant.ShowsIn);

    // What no trial of the kind has or, if each has something else of it, all of it.
    private static string Lacking(Mutant mutant, TrialKind kind)
    {
        var nowhere = mutant.Needs.Where(need => !kind.Trials.Any(need.In)).ToList();
        return string.Join(" and ", (nowhere.Count > 0 ? nowhere : mutant.Needs).Select(need => need.Words));
    }
}
