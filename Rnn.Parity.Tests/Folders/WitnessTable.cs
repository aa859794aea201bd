using System.Globalization;
using Rnn.Parity.Cli;
using Rnn.Parity.Folders;
using Rnn.Parity.Reporting;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Folders;

/// <summary>The witnesses: what each testifies, the evidence of our runs beside it, and the worst ratios to a bound.</summary>
internal static class WitnessTable
{
    private static readonly (string name, Func<RecordedRun, bool> holds)[] options =
    [
        ("gradients", r => r.Folder.Quantities.ContainsKey("grad.input")),
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
        ("seeds replayed", r => r.Folder.Quantities.ContainsKey("input")),
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

    /// <summary>The table in Markdown.</summary>
    /// <param name="fixtures">The folder of the fixtures.</param>
    /// <param name="verified">Every testimony in it, with the results of <see cref="Verification"/>.</param>
    public static string Markdown(
        string fixtures,
        IEnumerable<(RecordedRun run, IReadOnlyList<Result> results)> verified
    ) =>
        MarkdownTable.Of(
            columns,
            from testimony in verified
            group testimony by testimony.run.Engine into all
            let kinds = options.Where(option => all.Any(t => option.holds(t.run))).Select(option => option.name)
            let results = all.SelectMany(t => t.results).ToList()
            select (string[])
                [
                    Engine(fixtures, all.Key),
                    $"output, h_n; {string.Join(", ", kinds)}",
                    $"{all.Count()}",
                    Report.Kinds(results.Where(r => r.Check.Subject != Verification.Recorded)),
                    Ratio(results.Max(r => r.Finding.BoundRatio)),
                    Ratio(results.Max(r => r.Finding.ProbableRatio)),
                ]
        );

    private static string Ratio(double? ratio) => ratio?.ToString("G2", CultureInfo.InvariantCulture) ?? "";

    private static string Engine(string fixtures, string witness)
    {
        var keys = Manifest.Keys(Path.Combine(fixtures, "testimonies", witness, Manifest.Environment));
        return $"{keys["engine"]} {keys["engine_version"]}, {keys["device"]}";
    }
}
