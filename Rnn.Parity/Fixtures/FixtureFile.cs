using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Rnn.Parity.Fixtures;

/// <summary>
/// A CSV file of the fixtures: UTF-8, each line ended, every row with all columns. Written with LF; CRLF and a byte order
/// mark are accepted.
/// </summary>
internal sealed class FixtureFile
{
    private const long GreatestSize = 1 << 28;
    private const int GreatestSentence = 500;

    private static readonly CsvConfiguration format = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\n",
        IgnoreBlankLines = false,
    };

    // CsvHelper finds the end of a line by itself when none is set.
    private static readonly CsvConfiguration given = new(CultureInfo.InvariantCulture) { IgnoreBlankLines = false };

    private readonly string[] columns;

    /// <summary>A file with the given columns, in this order.</summary>
    public FixtureFile(string path, params string[] columns) => (Path, this.columns) = (path, columns);

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>The exception of a sentence about this file.</summary>
    public FixtureException Refuse(string sentence) => new($"{Path}: {Line(sentence)}");

    /// <summary>The exception of a sentence about a row; the header is row 1.</summary>
    public FixtureException Refuse(int row, string sentence) => new($"{Path}, row {row}: {Line(sentence)}");

    /// <summary>Writes the header and the rows.</summary>
    public void Write(IEnumerable<string[]> rows)
    {
        using var writer = new StreamWriter(Path);
        using var csv = new CsvWriter(writer, format);
        foreach (var row in rows.Prepend(columns))
        {
            foreach (var field in row)
                csv.WriteField(field);
            csv.NextRecord();
        }
    }

    /// <summary>Reads the rows after the header, each with its number in the file.</summary>
    /// <exception cref="FixtureException">The file cannot be read, or is not such a file.</exception>
    public IEnumerable<(int row, string[] fields)> Read()
    {
        using var parser = new CsvParser(new StringReader(Text()), given);
        var expected = string.Join(",", columns);
        var header = Next(parser) ?? throw Refuse($"is empty, the columns {expected} are expected");
        if (!header.SequenceEqual(columns))
            throw Refuse(1, $"the columns are {string.Join(",", header)}, {expected} are expected");
        while (Next(parser) is { } fields)
        {
            if (fields.Length != columns.Length)
                throw Refuse(parser.RawRow, $"has {fields.Length} fields, {columns.Length} are expected: {expected}");
            yield return (parser.RawRow, fields);
        }
    }

    // What a file holds must not break the sentence.
    private static string Line(string sentence) =>
        new([.. sentence.Take(GreatestSentence).Select(c => char.IsControl(c) ? ' ' : c)]);

    private string[]? Next(CsvParser parser)
    {
        try
        {
            return parser.Read() ? parser.Record : null;
        }
        catch (CsvHelperException)
        {
            throw Refuse(parser.RawRow, "is no CSV: a quotation mark stands inside a field that is not quoted");
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
        if (Directory.Exists(Path))
            throw Refuse("is a folder, a file is expected");
        try
        {
            var file = new FileInfo(Path);
            StayInside(file);
            // A pipe has no length either, and would never end.
            if (file.Length == 0)
                return [];
            using var stream = File.OpenRead(Path);
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
        if (file.ResolveLinkTarget(returnFinalTarget: true) is not { } target)
            return;
        var folder = file.DirectoryName!;
        var real = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        if (!Lies(folder) && !Lies(real))
            throw Refuse("is a symbolic link that leads out of the folder");

        bool Lies(string inside) =>
            target.FullName.StartsWith(inside + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
