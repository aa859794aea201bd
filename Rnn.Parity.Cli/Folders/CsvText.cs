using CsvHelper;

namespace Rnn.Parity.Folders;

/// <summary>CSV as everything here writes it: invariant culture, each line ended by LF.</summary>
internal static class CsvText
{
    private static readonly CsvWriterOptions format = new() { NewLine = "\n" };

    /// <summary>Writes the rows, which have equally many fields, and leaves the writer open.</summary>
    public static void Write(TextWriter writer, IEnumerable<IEnumerable<object?>> rows)
    {
        using var csv = CsvWriter.Create(writer, format, leaveOpen: true);
        foreach (var row in rows)
        {
            foreach (var field in row)
                csv.WriteField(field);
            csv.EndRecord();
        }
    }
}
