using Rnn.Parity.Folders;

namespace Rnn.Parity.Cli;

/// <summary>The record of a run: one row a check, with what it ran on.</summary>
internal static class Certificate
{
    /// <summary>Writes the certificate, whole or not at all.</summary>
    public static void Write(string path, IEnumerable<Result> results, Surroundings where)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(where);
        List<List<(string name, object? value)>> rows = [.. results.Select(r => Row(r, where))];
        var lines = rows.Select(row => row.Select(field => field.value));
        AtomicFile.Write(
            path,
            writer => CsvText.Write(writer, rows.Count == 0 ? [] : lines.Prepend(rows[0].Select(f => f.name)))
        );
    }

    private static List<(string name, object? value)> Row(Result r, Surroundings where) =>
        [
            ("section", r.Check.Section.ToString().ToLowerInvariant()),
            ("document", r.Check.Document),
            ("case", r.Check.Case),
            ("implementation", r.Check.Subject),
            ("reference", r.Check.Reference),
            ("device", r.Check.Device),
            .. FindingCertificate.Rows(r.Finding with { Holds = r.Holds }),
            .. FindingCertificate.Rows(where),
        ];
}
