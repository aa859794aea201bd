using Rnn.Parity.Folders;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cli;

/// <summary>The witnesses: what each testifies, the evidence of our runs beside it, and the worst ratios to a bound.</summary>
internal sealed class WitnessTable
{
    private static readonly (string name, Func<RecordedRun, bool> holds)[] options =
    [
        ("gradients", r => r.Testimony.Quantities.ContainsKey("grad.input")),
        ("tanh", r => r.Folder.Case.Options.NonLinearity == NonLinearities.Tanh),
        ("relu", r => r.Folder.Case.Options.NonLinearity == NonLinearities.ReLU),
        ("float32", r => r.Folder.Case.Options.Dtype == ScalarType.Float32),
        ("float64", r => r.Folder.Case.Options.Dtype == ScalarType.Float64),
        ("layers", r => r.Folder.Case.Options.NumLayers > 1),
        ("both directions", r => r.Folder.Case.Options.Bidirectional),
        ("batch first", r => r.Folder.Case.Options.BatchFirst),
        ("unbatched", r => r.Folder.Case.Unbatched),
        ("packed", r => r.Folder.Case.Lengths is not null),
        ("cell", r => r.Folder.Keys.GetValueOrDefault("kind") == "cell"),
        ("seeds replayed", r => r.Testimony.Quantities.ContainsKey("input")),
    ];

    private static readonly string[] columns =
    [
        "witness",
        "what it testifies",
        "cases",
        "strongest evidence, in how many of our runs",
        "worst bound ratio",
        "worst probabilistic bound ratio",
    ];

    private readonly List<(string witness, List<string> kinds, IReadOnlyList<Result> results)> testimonies = [];

    /// <summary>Counts one testimony; the results are those of <see cref="Verification"/>.</summary>
    public void Add(RecordedRun run, IReadOnlyList<Result> results)
    {
        testimonies.Add((run.Testimony.Witness, [.. options.Where(o => o.holds(run)).Select(o => o.name)], results));
    }

    /// <summary>The table in Markdown.</summary>
    /// <param name="names">The engine and version of a witness.</param>
    public string Markdown(Func<string, string> names)
    {
        return MarkdownTable.Of(
            columns,
            from testimony in testimonies
            group testimony by testimony.witness into all
            let kinds = options.Select(o => o.name).Where(kind => all.Any(t => t.kinds.Contains(kind)))
            let results = all.SelectMany(t => t.results).ToList()
            select (string[])
                [
                    names(all.Key),
                    $"output, h_n; {string.Join(", ", kinds)}",
                    $"{all.Count()}",
                    Report.Kinds(results.Where(r => r.Check.Subject != Verification.Recorded)),
                    Report.Ratio(results.Max(r => r.Finding.BoundRatio)),
                    Report.Ratio(results.Max(r => r.Finding.ProbableRatio)),
                ]
        );
    }
}
