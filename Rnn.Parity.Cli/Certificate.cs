using Rnn.Parity.Folders;
using Rnn.Parity.Reporting;

namespace Rnn.Parity.Cli;

/// <summary>The record of a run: one row a check, with what it ran on.</summary>
public static class Certificate
{
    private static readonly string[] columns =
    [
        "section",
        "document",
        "case",
        "implementation",
        "reference",
        "device",
        "evidence",
        "holds",
        "elements",
        "differing",
        "worst_ulp",
        "bound_ratio",
        "probabilistic_bound_ratio",
        "widest_bound",
        "doubt",
        "detail",
        "torchsharp",
        "libtorch",
        "blas",
        "threads",
        "cpu",
        "os",
        "runtime",
    ];

    /// <summary>Writes the certificate, whole or not at all.</summary>
    public static void Write(string path, IEnumerable<Result> results, Surroundings where)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(where);
        AtomicFile.Write(path, writer => CsvText.Write(writer, results.Select(r => Row(r, where)).Prepend(columns)));
    }

    private static IEnumerable<object?> Row(Result result, Surroundings where)
    {
        var (check, finding) = (result.Check, result.Finding);
        return
        [
            check.Section.ToString().ToLowerInvariant(),
            check.Document,
            check.Case,
            check.Subject,
            check.Reference,
            check.Device,
            finding.Evidence.ToString().ToLowerInvariant(),
            result.Holds ? "yes" : "no",
            finding.Elements,
            finding.Differing,
            finding.WorstUlp,
            finding.BoundRatio,
            finding.ProbableRatio,
            finding.WidestBound,
            finding.Doubt,
            finding.Detail + (finding.TanhError > 0 ? $", tanh with {finding.TanhError} u more" : ""),
            where.TorchSharp,
            where.Libtorch,
            where.Blas,
            where.Threads,
            where.Cpu,
            where.Os,
            where.Runtime,
        ];
    }
}
