using System.Runtime.InteropServices;
using Rnn.Parity.Exact;
using Rnn.Parity.Html;
using Rnn.Parity.Jobs;

namespace Rnn.Parity.Cli;

/// <summary>The command line: 0 when all holds, 1 when something differs, 2 for bad usage or bad input, in one sentence, 3 when nothing differs and something is undecided.</summary>
internal sealed partial class CommandLine(TextWriter output, TextWriter errors)
{
    private readonly Terminal terminal = new(output);

    /// <summary>The exit status of bad usage and bad input.</summary>
    public const int BadInput = 2;

    /// <summary>The exit status where nothing differs, and something is undecided.</summary>
    public const int Undecided = 3;

    private Report Report => new(terminal.Console, terminal.Plain, page);

    private readonly Page? page;

    /// <summary>Where the report is written as a page of HTML; null if it is not.</summary>
    public string? ReportFile
    {
        get => page?.Path;
        init => page = value is null ? null : new(value);
    }

    /// <summary>What the main job establishes on the given devices.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<Check>> Plan { get; init; } = ParityJob.Plan;

    /// <summary>Runs the chosen checks, reports and writes the certificate.</summary>
    public int Run(string device, string? id, string? filter, string certificate) =>
        Guarded(
            device,
            devices =>
            {
                CheckPlaces(certificate);
                if (id is not null && filter is not null)
                    return Refuse("--case and --filter are given: one of them chooses.");
                if (filter is "")
                    return Refuse("--filter is empty, a part of a name is expected.");
                var generated = id is null ? null : MatrixCase.Find(id);
                var exact = id is null ? null : ExactCase.Find(id);
                var plan = (generated ?? exact) is null ? Plan(devices) : [];
                if ((generated ?? exact)?.Options.Dtype is { } dtype && !Dtypes.Computed.Contains(dtype))
                    return Refuse($"--case is '{id}', whose type is {dtype}, which libtorch does not compute here.");
                if ((generated ?? exact) is { } chosen)
                    output.WriteLine($"{chosen}: {chosen.Reason}");
                var checks =
                    generated is not null ? ParityJob.Plan(generated, devices)
                    : exact is not null ? ExactJob.Checks(id!, [exact], devices)
                    : ParityJob.Select(plan, id, filter);
                if (checks.Count == 0)
                    return Refuse(
                        id is null
                            ? $"--filter is '{filter}', and no document, case, implementation or reference has that text in its name."
                            : $"--case is '{id}', and the cases are {string.Join(", ", plan.Select(c => c.Case).Distinct())}, m1-0000 to m1-{MatrixCase.Count - 1}, and e1-0000 to e1-{ExactCase.Count - 1:D4}."
                    );

                var results = terminal.Watch(checks.Count, done => ParityJob.Run(checks, done));
                var where = Surroundings.Current();
                page?.Add(results);
                page?.AddTraining(RnnFactory.Implementations[0]);
                Report.Write(results, where);
                Keep(results, certificate, where);
                return Published(results);
            }
        );

    /// <summary>Runs the whole matrix of a seed, reports, and writes the certificate and the table beside it.</summary>
    public int RunMatrix(string device, int seed, Shard shard, string certificate) =>
        Guarded(
            device,
            devices =>
            {
                CheckPlaces(certificate);
                if (seed < 0)
                    return Refuse($"--seed is {seed}, a number from 0 on is expected.");
                if (shard.N > MatrixCase.Count)
                    return Refuse($"--shard is {shard}, at most {MatrixCase.Count} parts are expected.");
                var count = Enumerable.Range(0, MatrixCase.Count).Count(shard.Has);
                var runs = terminal.Watch(count * devices.Count, done => MatrixJob.Run(seed, devices, shard, done));
                var where = Surroundings.Current();
                Report.Write(runs, where);
                List<Result> results = [.. runs.Results.Select(r => r.Result)];
                AtomicFile.Write(Path.ChangeExtension(certificate, ".options.md"), MatrixReport.Markdown(runs));
                Keep(results, certificate, where, $"--all --seed {seed} --device {device}", shard);
                return Status(results);
            }
        );

    /// <summary>Joins the certificates of the parts of some work.</summary>
    /// <returns>The exit status of the whole.</returns>
    public int Merge(IReadOnlyList<string> parts, string certificate) =>
        Guarded(
            "cpu",
            _ =>
            {
                var rows = Certificate.Merge(parts, certificate);
                var kinds = rows.Where(r => r["holds"] == "yes")
                    .GroupBy(r => r["evidence"])
                    .Select(kind => $"{kind.Count()} {kind.Key}");
                var undecided = rows.Count(r => r["holds"] == "no" && r["evidence"] == "undecided");
                var failed = rows.Count(r => r["holds"] == "no") - undecided;
                foreach (var row in rows.Where(r => r["holds"] == "no"))
                    output.WriteLine($"{row["case"]}: {row["implementation"]}: {row["evidence"]}");
                output.WriteLine($"certificate: {certificate}");
                output.WriteLine(
                    $"{rows.Count} {(rows.Count == 1 ? "check" : "checks")} in {parts.Count} {(parts.Count == 1 ? "part" : "parts")}: {string.Join(", ", [.. kinds, $"{undecided} undecided", $"{failed} failed"])}"
                );
                return failed > 0 ? 1
                    : undecided > 0 ? Undecided
                    : 0;
            }
        );

    private int Guarded(string device, Func<IReadOnlyList<string>, int> run)
    {
        try
        {
            var present = Surroundings.Devices;
            if (device == "cuda" && !present.Contains("cuda"))
                return Refuse("--device is cuda, and torch finds no CUDA device on this machine.");
            if (device == "all" && !present.Contains("cuda"))
                output.WriteLine("Left out: cuda, since torch finds no CUDA device on this machine.");
            return run(device == "all" ? present : [device]);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or ExternalException)
        {
            return Refuse(FirstLine(e));
        }
        catch (RunException e)
        {
            return Refuse(e.Message);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            return Refuse("libtorch could not be loaded: " + FirstLine(e.GetBaseException()));
        }
    }

    // before anything is computed
    private void CheckPlaces(string certificate)
    {
        var target = AtomicFile.Target(certificate);
        if (ReportFile is not null && AtomicFile.Target(ReportFile) == target)
            throw new ArgumentException($"--report is {ReportFile}, the certificate's; another place is expected.");
    }

    private void Keep(
        IReadOnlyList<Result> results,
        string certificate,
        Surroundings where,
        string work = "",
        Shard? part = null
    )
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
            output.WriteLine($"report: {page.Path}");
        }
        return Status(results);
    }

    private static int Status(IReadOnlyList<Result> results) =>
        results.Any(r => r.Fails) ? 1
        : results.Any(r => r.IsUndecided) ? Undecided
        : 0;

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0];

    private int Refuse(string sentence)
    {
        errors.WriteLine(sentence);
        return BadInput;
    }
}
