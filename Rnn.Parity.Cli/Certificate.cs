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

    private static readonly string[] evidence = [.. Enum.GetValues<Evidence>().Select(e => e.Word())];

    public static string Beginning => $"{identity[0]},{identity[1]},";

    private static readonly string[] header =
    [
        .. identity,
        .. FindingCertificate.Columns.Select(c => c.name),
        "work",
        "part",
        "rows",
    ];

    public static void Write(string path, IReadOnlyList<Result> results, Surroundings where, string work, Shard part) =>
        Write(
            path,
            results.Select(r =>
                columns
                    .Select(column => column.value(r))
                    .Concat(FindingCertificate.Columns.Select(c => c.value(r.Finding with { Holds = r.Holds }, where)))
                    .Concat([work, part, results.Count])
            )
        );

    /// <summary>Joins the certificates of all parts of some work to one, in the order of the parts.</summary>
    public static IReadOnlyList<Dictionary<string, string>> Merge(IReadOnlyList<string> paths, string path)
    {
        if (paths.FirstOrDefault(p => AtomicFile.Same(p, path)) is { } read)
            throw new FixtureException($"{read} is one of the parts; another place for the whole is expected");
        var files = paths.Select(p => (path: p, rows: Read(p))).ToList();
        var (first, row) = (files[0].path, files[0].rows[0]);
        foreach (var file in files)
        foreach (var (name, what) in ((string, string)[])[("work", "of"), ("torchsharp", "by"), ("libtorch", "by")])
            if (file.rows.FirstOrDefault(r => r[name] != row[name]) is { } other)
                throw new FixtureException(
                    $"{file.path} is {what} {name} '{other[name]}', {first} {what} '{row[name]}'"
                );
        var parts = files
            .Select(file => (part: Part(file.path, file.rows), file.path, file.rows))
            .OrderBy(file => file.part.K)
            .ToList();
        var n = parts[0].part.N;
        if (parts.FirstOrDefault(file => file.part.N != n) is { part: { } another } stranger)
            throw new FixtureException(
                $"{stranger.path} is part {another}, {parts[0].path} is {parts[0].part}: the numbers of parts differ"
            );
        foreach (var (one, next) in parts.Zip(parts.Skip(1)))
            if (one.part == next.part)
                throw new FixtureException($"{next.path} is part {next.part}, and so is {one.path}");
        if (Enumerable.Range(1, n).Except(parts.Select(file => file.part.K)).ToList() is [_, ..] missing)
            throw new FixtureException(
                $"{(missing.Count == 1 ? "part" : "parts")} {string.Join(", ", missing.Take(10).Select(k => new Shard(k, n)))}{(missing.Count > 10 ? $" and {missing.Count - 10} more" : "")} {(missing.Count == 1 ? "is" : "are")} missing"
            );
        var all = parts.SelectMany(file => file.rows).ToList();
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

    private static Shard Part(string path, List<Dictionary<string, string>> rows)
    {
        var part = rows[0]["part"];
        return rows.TrueForAll(r => r["part"] == part) && Shard.Parse(part) is { } shard
            ? shard
            : throw new FixtureException($"{path} is not one part: '{part}', k/n is expected");
    }

    private static List<Dictionary<string, string>> Read(string path)
    {
        var rows = new FixtureFile(path, header).Read().Select(r => header.Zip(r.fields).ToDictionary()).ToList();
        if (rows.Count == 0)
            throw new FixtureException($"{path} has no row");
        if (rows.Find(r => r["rows"] != rows.Count.ToString(CultureInfo.InvariantCulture)) is { } other)
            throw new FixtureException($"{path} has {rows.Count} rows, and was written with {other["rows"]}");
        foreach (var row in rows)
        {
            if (!evidence.Contains(row["evidence"]))
                throw new FixtureException($"{path}: evidence '{row["evidence"]}' of {row["case"]} is unknown");
            if (row["holds"] is not ("yes" or "no"))
                throw new FixtureException(
                    $"{path}: holds is '{row["holds"]}' of {row["case"]}, yes or no is expected"
                );
        }
        if (
            rows.Find(r => (r["evidence"], r["holds"]) is ("differs" or "undecided", "yes") or ("identical", "no")) is
            { } contradiction
        )
            throw new FixtureException(
                $"{path} says of {contradiction["case"]} that it is '{contradiction["evidence"]}' and {(contradiction["holds"] == "yes" ? "holds" : "does not hold")}"
            );
        return rows;
    }

    private static void Write(string path, IEnumerable<IEnumerable<object?>> rows) =>
        AtomicFile.Write(path, writer => CsvText.Write(writer, rows.Prepend(header)));
}
