using System.Text;
using CsvHelper;

namespace Rnn.Parity.Folders;

/// <summary>
/// A CSV file of the fixtures: UTF-8, each line ended, every row with all columns. Written with LF; CRLF and a byte order
/// mark are accepted.
/// </summary>
internal sealed class FixtureFile(string path, params string[] columns)
{
    private const long GreatestSize = 1 << 28;

    private static readonly CsvReaderOptions given = new()
    {
        Separator = ',',
        HasHeader = false,
        SkipEmptyLines = false,
        DetectSeparatorHint = false,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    public IReadOnlyList<string> Columns => columns;

    public FixtureException Refuse(string sentence) => new($"{path}: {sentence}");

    public FixtureException Refuse(int row, string sentence) => new($"{path}, row {row}: {sentence}");

    /// <summary>Reads the rows after the header, each with its number in the file.</summary>
    public IEnumerable<(int row, string[] fields)> Read()
    {
        using var reader = CsvReader.FromText(Text(), given);
        var expected = string.Join(",", columns);
        var header = Next(reader) ?? throw Refuse($"is empty, the columns {expected} are expected");
        if (!header.SequenceEqual(columns))
            throw Refuse(1, $"the columns are {string.Join(",", header)}, {expected} are expected");
        for (var row = 2; Next(reader) is { } fields; row++)
        {
            if (fields.Length != columns.Length)
                throw Refuse(row, $"has {fields.Length} fields, {columns.Length} are expected: {expected}");
            yield return (row, fields);
        }
    }

    private string[]? Next(CsvReader reader)
    {
        try
        {
            return reader.Read() ? [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)] : null;
        }
        catch (CsvFormatException e)
        {
            throw Refuse(
                (int)e.RecordNumber,
                "is no CSV: a quotation mark is not closed, or stands inside a field that is not quoted"
            );
        }
    }

    private string Text()
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes());
            return text.Length == 0 || text[^1] == '\n'
                ? text.TrimStart('\uFEFF')
                : throw Refuse(text.Count(c => c == '\n') + 1, "the line has no end, the file is truncated");
        }
        catch (DecoderFallbackException e)
        {
            throw Refuse($"byte {e.Index} is not UTF-8, in which fixtures are written");
        }
    }

    private byte[] Bytes()
    {
        if (Directory.Exists(path))
            throw Refuse("is a folder, a file is expected");
        try
        {
            var file = new FileInfo(path);
            StayInside(file);
            // A pipe has no length either, and would never end.
            if (file.Length == 0)
                return [];
            using var stream = File.OpenRead(path);
            if (stream.Length > GreatestSize)
                throw Refuse($"has {stream.Length} bytes, at most {GreatestSize} are read");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse("the file is missing");
        }
        catch (UnauthorizedAccessException)
        {
            throw Refuse("may not be read: permission is denied");
        }
    }

    private void StayInside(FileInfo file)
    {
        if (!Inside.Of(AtomicFile.Real(file.DirectoryName!), AtomicFile.Real(file.FullName)))
            throw Refuse("is a symbolic link that leads out of the folder");
    }
}
