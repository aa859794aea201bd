using Rnn.Parity.Folders;

namespace Rnn.Parity.Cli;

/// <summary>The record of a run: one row a check, with what it ran on.</summary>
internal static class Certificate
{
    private static readonly (string name, Func<Result, Surroundings, object?> value)[] columns =
    [
        ("section", (r, _) => r.Check.Section.ToString().ToLowerInvariant()),
        ("document", (r, _) => r.Check.Document),
        ("case", (r, _) => r.Check.Case),
        ("implementation", (r, _) => r.Check.Subject),
        ("reference", (r, _) => r.Check.Reference),
        ("device", (r, _) => r.Check.Device),
        ("evidence", (r, _) => Report.Name(r.Finding.Evidence)),
        ("holds", (r, _) => r.Holds ? "yes" : "no"),
        ("elements", (r, _) => r.Finding.Elements),
        ("differing", (r, _) => r.Finding.Differing),
        ("worst_ulp", (r, _) => r.Finding.WorstUlp),
        ("bound_ratio", (r, _) => r.Finding.BoundRatio),
        ("probabilistic_bound_ratio", (r, _) => r.Finding.ProbableRatio),
        ("widest_bound", (r, _) => r.Finding.WidestBound),
        ("doubt", (r, _) => r.Finding.Doubt),
        (
            "detail",
            (r, _) => r.Finding.Detail + (r.Finding.TanhError is > 0 and var u ? $", tanh with {u} u more" : "")
        ),
        ("torchsharp", (_, where) => where.TorchSharp),
        ("libtorch", (_, where) => where.Libtorch),
        ("blas", (_, where) => where.Blas),
        ("threads", (_, where) => where.Threads),
        ("cpu", (_, where) => where.Cpu),
        ("os", (_, where) => where.Os),
        ("runtime", (_, where) => where.Runtime),
    ];

    /// <summary>Writes the certificate, whole or not at all.</summary>
    public static void Write(string path, IEnumerable<Result> results, Surroundings where)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(where);
        var rows = results.Select(r => columns.Select(column => column.value(r, where)));
        AtomicFile.Write(path, writer => CsvText.Write(writer, rows.Prepend(columns.Select(column => column.name))));
    }
}
