using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using Rnn.Parity.Reporting;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cli;

/// <summary>The witnesses: what each testifies, the evidence of our runs beside it, and the worst ratios to a bound.</summary>
public sealed class WitnessTable
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

    private readonly Dictionary<string, Row> rows = [];

    /// <summary>Counts one testimony; the results are those of <see cref="Verification"/>.</summary>
    public void Add(RecordedRun run, IReadOnlyList<Result> results)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(results);
        var row = rows.TryGetValue(run.Testimony.Witness, out var there)
            ? there
            : rows[run.Testimony.Witness] = new Row();
        row.Cases++;
        row.Kinds.UnionWith(options.Where(o => o.holds(run)).Select(o => o.name));
        row.Results.AddRange(results);
    }

    /// <summary>The table in Markdown.</summary>
    /// <param name="names">The engine and version of a witness.</param>
    public string Markdown(Func<string, string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var table = rows.Select(r => new[] { names(r.Key) }.Concat(r.Value.Columns()));
        return string.Join(
                "\n",
                new[] { columns, columns.Select(_ => "---") }
                    .Concat(table)
                    .Select(row => $"| {string.Join(" | ", row)} |")
            ) + "\n";
    }

    private sealed class Row
    {
        public int Cases { get; set; }

        public HashSet<string> Kinds { get; } = [];

        public List<Result> Results { get; } = [];

        public IEnumerable<string> Columns()
        {
            var kinds = options.Select(o => o.name).Where(Kinds.Contains);
            var beside = Results.Where(r => r.Check.Subject != Verification.Recorded).ToList();
            var evidence = Enum.GetValues<Evidence>()
                .OrderDescending()
                .Select(e => (name: e.ToString().ToLowerInvariant(), count: beside.Count(r => r.Finding.Evidence == e)))
                .Where(e => e.count > 0)
                .Select(e => $"{e.count} {e.name}");
            return
            [
                $"output, h_n; {string.Join(", ", kinds)}",
                $"{Cases}",
                string.Join(", ", evidence),
                VerifyReport.Ratio(Results.Max(r => r.Finding.BoundRatio)),
                VerifyReport.Ratio(Results.Max(r => r.Finding.ProbableRatio)),
            ];
        }
    }
}
