using Rnn.Parity.Fixtures;
using Rnn.Parity.Mutants;
using Rnn.Parity.Reporting;
using Spectre.Console;

namespace Rnn.Parity.Cli;

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
                CsvText.Write(
                    writer,
                    rows.Select(row =>
                            (IEnumerable<string>)
                                [
                                    .. row.Columns,
                                    .. row.Cells.Select(cell => cell.Fate == Fate.Killed ? cell.Words : ""),
                                ]
                        )
                        .Prepend([.. Columns, .. kinds.Select(kind => $"{kind}_by")])
                )
        );
}
