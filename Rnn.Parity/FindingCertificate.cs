using System.Globalization;
using Rnn.Parity.Reporting;

namespace Rnn.Parity;

/// <summary>A finding as a record to keep, with what it ran on.</summary>
public static class FindingCertificate
{
    /// <summary>Writes key,value lines of CSV: the evidence, the figures, the explanation, and what it ran on.</summary>
    /// <param name="finding">What was established.</param>
    /// <param name="path">The file, which is written whole or not at all.</param>
    /// <exception cref="IOException">The file cannot be written; the sentence names it.</exception>
    public static void WriteCertificate(this Finding finding, string path)
    {
        ArgumentNullException.ThrowIfNull(finding);
        var rows = Rows(finding)
            .Append(("explanation", finding.Explanation))
            .Concat(Rows(Surroundings.Current()))
            .Select(row => $"{row.name},{Quoted(Convert.ToString(row.value, CultureInfo.InvariantCulture))}\n");
        AtomicFile.Write(path, string.Concat(rows.Prepend("key,value\n")));
    }

    internal static IEnumerable<(string name, object? value)> Rows(Finding finding) =>
        [
            ("evidence", finding.Evidence.ToString().ToLowerInvariant()),
            ("holds", finding.Holds ? "yes" : "no"),
            ("elements", finding.Elements),
            ("differing", finding.Differing),
            ("worst_ulp", finding.WorstUlp),
            ("bound_ratio", finding.BoundRatio),
            ("probabilistic_bound_ratio", finding.ProbableRatio),
            ("widest_bound", finding.WidestBound),
            ("doubt", finding.Doubt),
            ("detail", finding.Detail + (finding.TanhError is > 0 and var u ? $", tanh with {u} u more" : "")),
        ];

    internal static IEnumerable<(string name, object? value)> Rows(Surroundings where) =>
        [
            ("torchsharp", where.TorchSharp),
            ("libtorch", where.Libtorch),
            ("blas", where.Blas),
            ("threads", where.Threads),
            ("cpu", where.Cpu),
            ("os", where.Os),
            ("runtime", where.Runtime),
        ];

    private static string Quoted(string? text) =>
        text is not null && text.AsSpan().IndexOfAny(",\"\n\r") >= 0
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text ?? "";
}
