using NUnit.Framework;
using Rnn.Parity.Cli;
using Rnn.Parity.Comparison;
using Rnn.Parity.Machine;
using Rnn.Parity.Reporting;
using Rnn.Parity.Tests.Folders;
using Shouldly;

namespace Rnn.Parity.Tests.Cli;

/// <summary>Work in parts, and the certificate of the whole.</summary>
[NonParallelizable]
public sealed class ShardTests
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Every_item_is_in_one_part([Values(1, 2, 7, 100)] int n)
    {
        var parts = Enumerable.Range(1, n).Select(k => new Shard(k, n)).ToList();
        foreach (var item in Enumerable.Range(0, 300))
            parts.Count(part => part.Has(item)).ShouldBe(1);
    }

    [TestCase("0/2")]
    [TestCase("3/2")]
    [TestCase("1")]
    [TestCase("1/2/3")]
    [TestCase("-1/2")]
    [TestCase("a/b")]
    [TestCase("1/99999999999")]
    [TestCase("")]
    public void What_is_no_part_is_told(string text)
    {
        var (status, _, errors) = ParityProcess.Within("--all", "--shard", text);
        (status, errors).ShouldBe((2, $"--shard is {text}, k/n is expected with k from 1 to n, as in 2/8.\n"));
    }

    [Test]
    public void A_part_is_of_the_matrix_or_of_recorded_runs()
    {
        ParityProcess.Within("--shard", "1/2").errors.ShouldBe("--shard is a part of the matrix: it needs --all.\n");
        ParityProcess.Within("--all", "--shard", "1/99999").errors.ShouldStartWith("--shard is 1/99999, at most ");
        var one = Path.Combine(SpoiltFolder.Fixtures, "cases", "004-cell");
        ParityProcess
            .Within("verify", "--shard", "1/2", one)
            .errors.ShouldStartWith("--shard is 1/2, and the runs are 1.");
    }

    [Test]
    public void A_part_of_any_number_of_cases_has_its_share()
    {
        var certificate = Path.Combine(folder, "share.csv");
        var (status, output, _) = ParityProcess.Within([
            "--all",
            "--cases",
            "2405",
            "--shard",
            "2401/2405",
            "--certificate",
            certificate,
        ]);
        status.ShouldBe(0);
        output.ShouldContain("1 case, 6 checks: 6 identical, 0 failed");
        File.ReadAllText(certificate).ShouldContain(",m1-2400,");
        File.ReadAllText(certificate).ShouldContain("--all --seed 1 --cases 2405 --device cpu,2401/2405,");
    }

    [Test]
    public void Each_case_has_one_thread_and_the_caller_its_own_number()
    {
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is not null)
            Assert.Ignore("OMP_NUM_THREADS is set, and is every thread's number");
        using var two = new Threads(2);
        var certificate = Path.Combine(folder, "threads.csv");
        ParityProcess.Within("--all", "--cases", "1", "--certificate", certificate).status.ShouldBe(0);
        var where = Surroundings.Current();
        where.Threads.ShouldBe(2);
        File.ReadAllText(certificate).ShouldContain($",{where.Blas},1,");
    }

    [Test]
    public void The_parts_are_the_whole_in_any_order()
    {
        var parts = new[] { Part(3, 3), Part(1, 3), Part(2, 3) };
        var merged = Path.Combine(folder, "merged.csv");
        var (status, output, errors) = Merge(parts, merged);
        (status, errors).ShouldBe((0, ""));
        output.ShouldContain("6 checks in 3 parts: 6 identical, 0 undecided, 0 failed");
        File.ReadAllText(merged).ShouldBe(string.Concat(Part(1, 1, File.ReadAllText, 0, 3, 1, 4, 2, 5)));
        Merge(parts, parts[1])
            .errors.ShouldBe($"{parts[1]} is one of the parts; another place for the whole is expected\n");
        Merge([merged], Path.Combine(folder, "again.csv")).status.ShouldBe(0);
    }

    [TestCase(Evidence.Differs, 1, "1 failed")]
    [TestCase(Evidence.Undecided, 3, "1 undecided")]
    public void The_status_is_that_of_the_whole(Evidence evidence, int expected, string count)
    {
        var (status, output, _) = Merge([Part(1, 2), Part(2, 2, planted: evidence)]);
        status.ShouldBe(expected);
        output.ShouldContain(count);
        output.ShouldContain($"case-1: mine: {evidence.Word()}");
    }

    [Test]
    public void A_missing_part_is_named() =>
        Merge([Part(1, 4), Part(3, 4)]).errors.ShouldBe("parts 2/4, 4/4 are missing\n");

    [Test]
    public void A_doubled_part_is_named() =>
        Merge([Part(1, 2), Part(2, 2), Part(2, 2)]).errors.ShouldContain(" is part 2/2, and so is ");

    [Test]
    public void A_part_by_another_name_is_found() =>
        Merge([Part(1, 2), Edited(Part(1, 2), ",1/2,", ",2/2,")])
            .errors.ShouldStartWith("two rows are of parity, 000, case-0");

    [Test]
    public void A_row_that_is_gone_is_found()
    {
        var part = Part(2, 2);
        File.WriteAllLines(part, File.ReadAllLines(part)[..^1]);
        Merge([Part(1, 2), part]).errors.ShouldBe($"{part} has 2 rows, and was written with 3\n");
    }

    [Test]
    public void A_contradiction_is_found() =>
        Merge([Part(1, 2), Edited(Part(2, 2), ",identical,yes,", ",differs,yes,")])
            .errors.ShouldEndWith("says of case-1 that it is 'differs' and holds\n");

    [Test]
    public void The_other_contradiction_is_found() =>
        Merge([Part(1, 2), Edited(Part(2, 2), ",identical,yes,", ",identical,no,")])
            .errors.ShouldEndWith("says of case-1 that it is 'identical' and does not hold\n");

    [TestCase(",identical,No,", "holds is 'No' of case-1, yes or no is expected")]
    [TestCase(",excellent,yes,", "evidence 'excellent' of case-1 is unknown")]
    public void A_word_that_no_certificate_has_is_found(string row, string sentence) =>
        Merge([Part(1, 2), Edited(Part(2, 2), ",identical,yes,", row)]).errors.ShouldEndWith(sentence + "\n");

    [TestCase("-x", "Unrecognized option '-x'.")]
    [TestCase("", "'' is no certificate to be read.")]
    public void What_is_no_file_is_told(string argument, string sentence) =>
        Merge([Part(1, 1), argument]).ShouldBe((2, "", sentence + "\n"));

    [Test]
    public void A_part_of_another_division_is_named() =>
        Merge([Part(1, 2), Part(2, 3)]).errors.ShouldContain("the numbers of parts differ");

    [Test]
    public void A_part_of_other_work_is_named() =>
        Merge([Part(1, 2), Part(2, 2, work: "--all --seed 2")]).errors.ShouldContain("is of work '--all --seed 2', ");

    [Test]
    public void A_part_by_another_libtorch_is_named()
    {
        Merge([Part(1, 2), Edited(Part(2, 2), ",2.10.0,", ",2.11.0,")])
            .errors.ShouldContain("is by libtorch '2.11.0', ");
    }

    [Test]
    public void What_is_no_certificate_is_named()
    {
        var text = Path.Combine(folder, "text.csv");
        File.WriteAllText(text, "a,b\n1,2\n");
        Merge([text]).errors.ShouldContain("the columns are a,b, section,document,case,");
        Merge([Path.Combine(folder, "nowhere.csv")]).status.ShouldBe(2);
    }

    [Test]
    public void A_part_of_recorded_runs_is_as_many_as_it_says()
    {
        var cases = Path.Combine(SpoiltFolder.Fixtures, "cases");
        string[] folders =
        [
            .. "000-one-neuron 002-ones 004-cell"
                .Split(' ')
                .Select(id =>
                {
                    var copy = Path.Combine(folder, id);
                    Directory.CreateDirectory(copy);
                    using var given = TorchSharp.torch.NewDisposeScope();
                    var run = Rnn.Parity.Folders.RecordedRun.Of(SpoiltFolder.Fixtures, "pytorch", id);
                    run.Folder.Write(copy);
                    return copy;
                }),
        ];
        // what is written there meanwhile is no part of the work
        var parts = Enumerable.Range(1, 2).Select(k => Path.Combine(folders[0], $"verified{k}.csv")).ToList();
        foreach (var (k, part) in parts.Index())
        {
            var (status, output, errors) = ParityProcess.Within([
                "verify",
                "--shard",
                $"{k + 1}/2",
                "--certificate",
                part,
                .. folders,
            ]);
            (status, errors).ShouldBe((0, ""), output);
            output.ShouldContain(k == 0 ? "in 2 folders" : "in 1 folder");
        }
        Merge(parts).output.ShouldContain("24 checks in 2 parts: ");
        // the second part of other folders, of the same number
        File.AppendAllText(Path.Combine(folders[2], "case.csv"), "note,changed\n");
        ParityProcess.Within(["verify", "--shard", "2/2", "--certificate", parts[1], .. folders]).status.ShouldBe(0);
        Merge(parts).errors.ShouldContain("is of work 'verify of 3 runs, ");
        ParityProcess.Within("verify", folders[0], folders[0]).errors.ShouldBe($"{folders[0]} is given twice.\n");
        ParityProcess.Within("verify", folders[0], folders[0] + "/").errors.ShouldBe($"{folders[0]} is given twice.\n");
        ParityProcess
            .Within("verify", folders[0], Path.GetDirectoryName(folders[0])!)
            .errors.ShouldContain(" lies within ");
        var (none, _, refused) = ParityProcess.Within("verify", "");
        (none, refused).ShouldBe((2, "DIR is empty, a folder is expected\n"));
        File.Delete(Path.Combine(folders[2], "case.csv"));
        ParityProcess.Within("verify", folder).errors.ShouldBe($"{folders[2]}/case.csv: the file is missing\n");
    }

    private (int status, string output, string errors) Merge(IReadOnlyList<string> parts, string? merged = null) =>
        ParityProcess.Within(["merge", .. parts, "--certificate", merged ?? Path.Combine(folder, "all.csv")]);

    private static string Edited(string part, string old, string changed)
    {
        File.WriteAllText(part, File.ReadAllText(part).Replace(old, changed, StringComparison.Ordinal));
        return part;
    }

    private string Part(int k, int n, Evidence planted = Evidence.Identical, string work = "--all --seed 1") =>
        Part(k, n, path => path, Enumerable.Range(0, 6).Where(new Shard(k, n).Has), planted, work);

    private T Part<T>(int k, int n, Func<string, T> of, params int[] items) =>
        Part(k, n, of, items, Evidence.Identical, "--all --seed 1");

    private T Part<T>(int k, int n, Func<string, T> of, IEnumerable<int> items, Evidence planted, string work)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid()}.csv");
        var results = items.Select(i => new Result(
            new(Section.Parity, "000", $"case-{i}", "mine", "nn.RNN", "cpu", () => throw new NotSupportedException()),
            new(i == 1 ? planted : Evidence.Identical, "a, \"b\"")
        ));
        var where = new Surroundings("TorchSharp", "2.10.0", "none", "cpu", "os", ".NET", 1);
        Certificate.Write(path, [.. results], where, work, new Shard(k, n));
        return of(path);
    }
}
