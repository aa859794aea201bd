using Rnn.Parity.Exact;
using Rnn.Parity.Html;
using Rnn.Parity.Jobs;
using Spectre.Console;

namespace Rnn.Parity.Cli;

/// <summary>The commands. Each returns 0 when all holds, 1 when something differs, 3 when nothing differs and something is undecided.</summary>
internal sealed partial class CommandLine(TextWriter output, string? reportFile = null)
{
    // what is established of each is held in memory
    private const int MostCases = 1_000_000;

    private readonly IAnsiConsole console = Terminal.Of(output);
    private readonly Page? page = reportFile is null ? null : new(reportFile);

    private Report Report => new(console, page);

    public Func<IReadOnlyList<string>, IReadOnlyList<Check>> Plan { get; init; } = ParityJob.Plan;

    public int Run(string device, string? id, string? filter, string certificate)
    {
        var devices = Devices(device);
        CheckPlaces(certificate);
        if (id is not null && filter is not null)
            throw new ArgumentException("--case and --filter are given: one of them chooses.");
        if (filter is "")
            throw new ArgumentException("--filter is empty, a part of a name is expected.");
        var generated = id is null ? null : MatrixCase.Find(id);
        var exact = id is null ? null : ExactCase.Find(id);
        var alone = generated ?? exact;
        if (alone is not null && devices.Contains("cpu") && !Dtypes.Computed.Contains(alone.Dtype))
            throw new ArgumentException(
                $"--case is '{id}', whose type is {alone.Dtype}, which libtorch does not compute here."
            );
        if (alone is not null)
            output.WriteLine($"{alone}: {alone.Reason}");
        var plan = alone is null ? Plan(devices) : [];
        var checks =
            generated is not null ? ParityJob.Plan(generated, devices)
            : exact is not null ? ExactJob.Checks(id!, [exact], devices)
            : ParityJob.Select(plan, id, filter);
        if (checks.Count == 0)
            throw new ArgumentException(
                id is null
                    ? $"--filter is '{filter}', and no document, case, implementation, reference or section has that text in its name."
                    : $"--case is '{id}', and the cases are {string.Join(", ", plan.Select(c => c.Case).Distinct())}, m1-0000, m1-0001, …, and e1-0000 to e1-{ExactCase.Count - 1:D4}."
            );

        var results = console.Watch(checks.Count, done => ParityJob.Run(checks, done));
        var where = Surroundings.Current();
        page?.Add(results);
        Report.Write(results, where);
        Keep(results, certificate, where, "", Shard.Whole);
        page?.AddTraining(RnnFactory.Implementations[0]);
        page?.AddMutants();
        return Published(results);
    }

    /// <summary>Runs the matrix of a seed, reports, and writes the certificate and, if its name has an extension, the table beside it.</summary>
    public int RunMatrix(string device, int seed, int count, Shard shard, string certificate)
    {
        var devices = Devices(device);
        CheckPlaces(certificate);
        // a device has none
        var options = Path.HasExtension(certificate) ? Path.ChangeExtension(certificate, ".options.md") : null;
        if (options is not null)
            AtomicFile.Check(options, "table of options", $"| {MatrixReport.Columns[0]} |");
        if (shard.N > count)
            throw new ArgumentException($"--shard is {shard}, at most {count} parts are expected.");
        if (count / shard.N > MostCases)
            throw new ArgumentException(
                $"--cases is {count}, at most {MostCases} are expected, or of more a part of so many by --shard."
            );
        List<int> numbers = [.. Enumerable.Range(0, count).Where(shard.Has)];
        using var threads = devices is ["cpu"] ? Threads.Each() : null;
        var runs = console.Watch(numbers.Count * devices.Count, done => MatrixJob.Run(seed, numbers, devices, done));
        var where = Surroundings.Current();
        Report.Write(runs, where);
        List<Result> results = [.. runs.Results.Select(r => r.Result)];
        Keep(
            results,
            certificate,
            where,
            $"--all --seed {seed} --cases {count} --device {string.Join(',', devices)}",
            shard
        );
        if (options is not null)
            AtomicFile.Write(options, MatrixReport.Markdown(runs));
        return Status(results);
    }

    public int Merge(IReadOnlyList<string> parts, string certificate)
    {
        if (parts.Contains(""))
            throw new ArgumentException("'' is no certificate to be read.");
        CheckPlaces(certificate);
        var rows = Certificate.Merge(parts, certificate);
        var kinds = rows.Where(r => r["holds"] == "yes")
            .GroupBy(r => r["evidence"])
            .Select(kind => $"{kind.Count()} {kind.Key}");
        var unproven = rows.Where(r => r["holds"] == "no").ToList();
        var undecided = unproven.Count(r => r["evidence"] == "undecided");
        var failed = unproven.Count - undecided;
        foreach (var row in unproven)
            output.WriteLine($"{row["case"]}: {row["implementation"]}: {row["evidence"]}");
        output.WriteLine($"certificate: {certificate}");
        output.WriteLine(
            $"{rows.Count} {(rows.Count == 1 ? "check" : "checks")} in {parts.Count} {(parts.Count == 1 ? "part" : "parts")}: {string.Join(", ", [.. kinds, $"{undecided} undecided", $"{failed} failed"])}"
        );
        return Status(failed > 0, undecided > 0);
    }

    private IReadOnlyList<string> Devices(string chosen)
    {
        var present = Surroundings.Devices;
        if (chosen == "cuda" && !present.Contains("cuda"))
            throw new ArgumentException("--device is cuda, and torch finds no CUDA device on this machine.");
        if (chosen == "all" && !present.Contains("cuda"))
            output.WriteLine("Left out: cuda, since torch finds no CUDA device on this machine.");
        return chosen == "all" ? present : [chosen];
    }

    // before anything is computed
    private void CheckPlaces(string certificate)
    {
        if (reportFile is not null && AtomicFile.Same(AtomicFile.Target(reportFile), AtomicFile.Target(certificate)))
            throw new ArgumentException($"--report is {reportFile}, the certificate's; another place is expected.");
        AtomicFile.Check(certificate, "certificate", Certificate.Beginning);
        if (reportFile is not null)
            AtomicFile.Check(reportFile, "report", Page.Beginning);
    }

    private void Keep(IReadOnlyList<Result> results, string certificate, Surroundings where, string work, Shard part)
    {
        Certificate.Write(certificate, results, where, work, part);
        output.WriteLine($"certificate: {certificate}");
    }

    // The page, if there is one, and the exit status.
    private int Published(IReadOnlyList<Result> results)
    {
        if (page is not null)
        {
            page.Write();
            output.WriteLine($"report: {reportFile}");
        }
        return Status(results);
    }

    private static int Status(IReadOnlyList<Result> results) =>
        Status(results.Any(r => r.Fails), results.Any(r => r.IsUndecided));

    private static int Status(bool fails, bool undecided) =>
        fails ? 1
        : undecided ? 3
        : 0;
}
