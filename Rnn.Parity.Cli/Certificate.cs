using System.Globalization;
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

    // What one row is about: no two of a whole have all of these in common.
    private static readonly string[] identity = [.. columns.Select(c => c.name)];

    private static readonly string[] header =
    [
        .. identity,
        .. FindingCertificate.Columns.Select(c => c.name),
        "work",
        "part",
        "rows",
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
        var all = results.ToList();
        Write(
            path,
            all.Select(r =>
                columns
                    .Select(column => column.value(r))
                    .Concat(FindingCertificate.Columns.Select(c => c.value(r.Finding with { Holds = r.Holds }, where)))
                    .Concat([work, part ?? Shard.Whole, all.Count])
            )
        );
    }

    /// <summary>Joins the certificates of all parts of some work to one, in the order of the parts.</summary>
    /// <returns>Its rows, by the names of the columns.</returns>
    /// <exception cref="FixtureException">
    /// One cannot be read, or they are not every part of one work, each once and whole, by the same versions; the sentence names
    /// the file.
    /// </exception>
    public static IReadOnlyList<Dictionary<string, string>> Merge(IReadOnlyList<string> paths, string path)
    {
        if (paths.FirstOrDefault(p => AtomicFile.Target(p) == AtomicFile.Target(path)) is { } read)
            throw new FixtureException($"{read} is one of the parts; another place for the whole is expected");
        var files = paths.Select(p => (path: p, rows: Read(p))).ToList();
        var (first, row) = (files[0].path, files[0].rows[0]);
        foreach (var file in files)
        foreach (var (name, what) in ((string, string)[])[("work", "of"), ("torchsharp", "by"), ("libtorch", "by")])
            if (file.rows.FirstOrDefault(r => r[name] != row[name]) is { } other)
                throw new FixtureException(
                    $"{file.path} is {what} {name} '{other[name]}', {first} {what} '{row[name]}'"
                );
        var parts = new SortedDictionary<int, (string path, List<Dictionary<string, string>> rows)>();
        var n = 0;
        foreach (var file in files)
        {
            var part = Shard.Parse(file.rows[0]["part"]);
            if (part is null || file.rows.Any(r => r["part"] != file.rows[0]["part"]))
                throw new FixtureException($"{file.path} is not one part: '{file.rows[0]["part"]}', k/n is expected");
            if (n != 0 && part.N != n)
                throw new FixtureException(
                    $"{file.path} is part {part}, {first} is {row["part"]}: the numbers of parts differ"
                );
            n = part.N;
            if (!parts.TryAdd(part.K, file))
                throw new FixtureException($"{file.path} is part {part}, and so is {parts[part.K].path}");
        }
        if (Enumerable.Range(1, n).Where(k => !parts.ContainsKey(k)).ToList() is [_, ..] missing)
            throw new FixtureException(
                $"{(missing.Count == 1 ? "part" : "parts")} {string.Join(", ", missing.Select(k => new Shard(k, n)))} {(missing.Count == 1 ? "is" : "are")} missing"
            );
        var all = parts.Values.SelectMany(part => part.rows).ToList();
        if (
            all.GroupBy(r => string.Join(", ", identity.Select(name => r[name])))
                .FirstOrDefault(g => g.Skip(1).Any()) is
            { } twice
        )
            throw new FixtureException($"two rows are of {twice.Key}");
        Write(
            path,
            all.Select(r =>
                header.Select(name =>
                    (object?)(
                        name == "part" ? Shard.Whole
                        : name == "rows" ? all.Count
                        : r[name]
                    )
                )
            )
        );
        return all;
    }

    private static List<Dictionary<string, string>> Read(string path)
    {
        var rows = new FixtureFile(path, header).Read().Select(r => header.Zip(r.fields).ToDictionary()).ToList();
        if (rows.Count == 0)
            throw new FixtureException($"{path} has no row");
        if (rows.Find(r => r["rows"] != rows.Count.ToString(CultureInfo.InvariantCulture)) is { } other)
            throw new FixtureException($"{path} has {rows.Count} rows, and was written with {other["rows"]}");
        if (rows.Find(r => r["holds"] == "yes" && r["evidence"] is "differs" or "undecided") is { } contradiction)
            throw new FixtureException(
                $"{path} says of {contradiction["case"]} that it is '{contradiction["evidence"]}' and holds"
            );
        return rows;
    }

    private static void Write(string path, IEnumerable<IEnumerable<object?>> rows) =>
        AtomicFile.Write(path, writer => CsvText.Write(writer, rows.Prepend(header)));
}
