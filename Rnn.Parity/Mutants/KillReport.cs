using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Rnn.Parity.Reporting;
using Spectre.Console;

namespace Rnn.Parity.Mutants;

/// <summary>The kill matrix as a table and as CSV.</summary>
public sealed class KillReport(IReadOnlyList<string> kinds, IReadOnlyList<KillRow> rows)
{
    private IEnumerable<string> Columns => ["mutant", "mistake", .. kinds, "verdict"];

    /// <summary>Writes the table, then the counts.</summary>
    public void Write(IAnsiConsole console, bool plain)
    {
        ArgumentNullException.ThrowIfNull(console);
        var table = new Table { Border = plain ? TableBorder.None : TableBorder.Rounded };
        table.AddColumns([.. Columns]);
        foreach (var row in rows)
            table.AddRow([.. row.Columns.Select(Markup.Escape)]);
        console.Write(table);
        console.WriteLine(KillRow.Count(rows));
    }

    /// <summary>Writes the certificate, whole or not at all: the table, and the case that killed.</summary>
    public void Write(string path) =>
        AtomicFile.Write(
            path,
            writer =>
            {
                using var csv = new CsvWriter(
                    writer,
                    new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" },
                    leaveOpen: true
                );
                Row(csv, [.. Columns, .. kinds.Select(kind => $"{kind}_by")]);
                foreach (var row in rows)
                    Row(csv, [.. row.Columns, .. row.Cells.Select(cell => cell.Fate == Fate.Killed ? cell.Words : "")]);
            }
        );

    private static void Row(CsvWriter csv, IEnumerable<string> fields)
    {
        foreach (var field in fields)
            csv.WriteField(field);
        csv.NextRecord();
    }
}
