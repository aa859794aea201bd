using Rnn.Parity.Folders;

namespace Rnn.Parity.Cli;

/// <summary>The record of a run: one row a check, with what it ran on.</summary>
internal static class Certificate
{
    private static readonly (string name, Func<Result, object?> value)[] columns =
    [
        ("section", r => r.Check.Section.ToString().ToLowerInvariant()),
        ("document", r => r.Check.Document),
        ("case", r => r.Check.Case),
        ("implementation", r => r.Check.Subject),
        ("reference", r => r.Check.Reference),
        ("device", r => r.Check.Device),
    ];

    private static readonly string[] header =
    [
        .. columns.Select(c => c.name),
        .. FindingCertificate.Columns.Select(c => c.name),
        "work",
        "part",
    ];

    /// <summary>Writes the certificate, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="results">Its rows.</param>
    /// <param name="where">What they ran on.</param>
    /// <param name="work">What was asked for, whole.</param>
    /// <param name="part">Which part of it this is.</param>
    public static void Write(
        string path,
        IEnumerable<Result> results,
        Surroundings where,
        string work = "",
        Shard? part = null
    )
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(where);
        Write(
            path,
            results.Select(r =>
                columns
                    .Select(column => column.value(r))
                    .Concat(FindingCertificate.Columns.Select(c => c.value(r.Finding with { Holds = r.Holds }, where)))
                    .Concat([work, part ?? Shard.Whole])
            )
        );
    }

    /// <summary>Joins the certificates of all parts of some work to one, in the order of the parts.</summary>
    /// <returns>Its rows, by the names of the columns.</returns>
    /// <exception cref="FixtureException">
    /// One cannot be read, or they are not every part of one work, each once, by the same versions; the sentence names the file.
    /// </exception>
    public static IReadOnlyList<Dictionary<string, string>> Merge(IReadOnlyList<string> paths, string path)
    {
        var files = paths.Select(p => (path: p, rows: Read(p))).ToList();
        var (first, row) = (files[0].path, files[0].rows[0]);
        foreach (var file in files)
        foreach (var (name, what) in ((string, string)[])[("work", "of"), ("torchsharp", "by"), ("libtorch", "by")])
            if (file.rows.FirstOrDefault(r => r[name] != row[name]) is { } other)
                throw new FixtureException(
                    $"{file.path} is {what} {name} '{other[name]}', {first} {what} '{row[name]}'"
                );
        var parts = new Dictionary<Shard, string>();
        foreach (var (file, rows) in files)
        {
            var part = Shard.Parse(rows[0]["part"]);
            if (part is null || rows.Any(r => r["part"] != rows[0]["part"]))
                throw new FixtureException($"{file} is not one part: '{rows[0]["part"]}', k/n is expected");
            if (part.N != (parts.Keys.FirstOrDefault() ?? part).N)
                throw new FixtureException(
                    $"{file} is part {part}, {first} is {row["part"]}: the numbers of parts differ"
                );
            if (!parts.TryAdd(part, file))
                throw new FixtureException($"{file} is part {part}, and so is {parts[part]}");
        }
        var missing = Enumerable
            .Range(1, parts.Keys.First().N)
            .Select(k => new Shard(k, parts.Keys.First().N))
            .Except(parts.Keys);
        if (missing.ToList() is [_, ..] gone)
            throw new FixtureException($"of the parts {string.Join(", ", gone)} there is no certificate");
        var all = files.OrderBy(f => Shard.Parse(f.rows[0]["part"])!.K).SelectMany(f => f.rows).ToList();
        Write(path, all.Select(r => header.Select(name => (object?)(name == "part" ? Shard.Whole : r[name]))));
        return all;
    }

    private static List<Dictionary<string, string>> Read(string path)
    {
        var rows = new FixtureFile(path, header).Read().Select(r => header.Zip(r.fields).ToDictionary()).ToList();
        return rows.Count > 0 ? rows : throw new FixtureException($"{path} has no row");
    }

    private static void Write(string path, IEnumerable<IEnumerable<object?>> rows) =>
        AtomicFile.Write(path, writer => CsvText.Write(writer, rows.Prepend(header)));
}
