using System.Globalization;
using Rnn.Parity.Machine;

namespace Rnn.Parity;

/// <summary>A finding as a record to keep, with what it ran on.</summary>
public static class FindingCertificate
{
    internal static IReadOnlyList<(string name, Func<Finding, Surroundings, object?> value)> Columns { get; } =
    [
        ("evidence", (f, _) => f.Evidence.Word()),
        ("holds", (f, _) => f.Holds ? "yes" : "no"),
        ("elements", (f, _) => f.Elements),
        ("differing", (f, _) => f.Differing),
        ("worst_ulp", (f, _) => f.WorstUlp),
        ("bound_ratio", (f, _) => f.BoundRatio),
        ("probabilistic_bound_ratio", (f, _) => f.ProbableRatio),
        ("widest_bound", (f, _) => f.WidestBound),
        ("doubt", (f, _) => f.Doubt),
        ("detail", (f, _) => f.Detail + (f.TanhError is > 0 and var u ? $", tanh with {u} u more" : "")),
        ("torchsharp", (_, where) => where.TorchSharp),
        ("libtorch", (_, where) => where.Libtorch),
        ("blas", (_, where) => where.Blas),
        ("threads", (_, where) => where.Threads),
        ("cpu", (_, where) => where.Cpu),
        ("os", (_, where) => where.Os),
        ("runtime", (_, where) => where.Runtime),
    ];

    /// <summary>Writes key,value lines of CSV: the evidence, the figures, what it ran on, and the explanation.</summary>
    /// <param name="finding">What was established.</param>
    /// <param name="path">The file, which is written whole or not at all.</param>
    /// <exception cref="IOException">The file cannot be written, or is there and is no such record; the sentence names it.</exception>
    public static void WriteCertificate(this Finding finding, string path)
    {
        ArgumentNullException.ThrowIfNull(finding);
        var where = Surroundings.Current();
        var rows = Columns
            .Select(column => (column.name, value: column.value(finding, where)))
            .Prepend(("key", "value"))
            .Append(("explanation", finding.Explanation))
            .Select(row => $"{row.name},{Quoted(Convert.ToString(row.value, CultureInfo.InvariantCulture) ?? "")}\n");
        AtomicFile.Check(path, "certificate", $"key,value\n{Columns[0].name},");
        AtomicFile.Write(path, string.Concat(rows));
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
