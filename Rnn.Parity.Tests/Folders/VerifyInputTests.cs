using System.Diagnostics;
using NUnit.Framework;
using Rnn.Parity.Folders;
using Shouldly;

namespace Rnn.Parity.Tests.Folders;

/// <summary>What verify cannot read is one sentence and exit status 2, and nothing is written.</summary>
public sealed class VerifyInputTests
{
    private SpoiltFolder folders = null!;
    private string root = "";

    private string Certificate => Path.Combine(root, "verify.csv");

    [SetUp]
    public void Create()
    {
        folders = new SpoiltFolder();
        root = Path.GetDirectoryName(folders.Case)!;
    }

    [TearDown]
    public void Delete() => folders.Delete();

    [Test]
    public void The_example_of_the_documentation_verifies()
    {
        var (status, output, errors) = Verify(folders.Case);
        errors.ShouldBeEmpty();
        status.ShouldBe(0, output);
        File.Exists(Certificate).ShouldBeTrue();
    }

    [Test]
    public void A_missing_folder() => Refused(folders.Case + "2: the folder is missing", folders.Case + "2");

    [Test]
    public void Fixtures_without_a_testimony()
    {
        var empty = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(empty, Manifest.FileName), string.Join(',', Manifest.Columns) + "\n");
        Refused(Path.Combine(empty, "testimonies") + ": no testimony is here", empty);
    }

    [Test]
    public void A_file_for_a_folder() => Refused(folders.Keys + ": a folder is expected, this is a file", folders.Keys);

    [Test]
    public void No_folder() => Refused("Required argument 'DIR' missing for command: 'verify'.");

    [Test]
    public void An_unknown_option() => Refused("Unrecognized option '--device'.", folders.Case, "--device", "cuda");

    [Test]
    public void A_claim_that_is_neither_true_nor_false()
    {
        File.AppendAllText(folders.Keys, "exact,True\n");
        Refused($"{folders.Keys}, row 14: exact is 'True', true or false is expected", folders.Case);
    }

    [Test]
    public void A_certificate_in_the_place_of_what_is_verified()
    {
        var tensors = File.ReadAllText(folders.Tensors);
        var (status, _, errors) = ParityProcess.Within("verify", folders.Case, "--certificate", folders.Tensors);
        status.ShouldBe(2);
        errors
            .Trim()
            .ShouldBe(
                $"{folders.Tensors} cannot be written: it is there, and is no certificate; another place is expected"
            );
        File.ReadAllText(folders.Tensors).ShouldBe(tensors);
    }

    [Test]
    public void A_folder_of_nothing()
    {
        var empty = Directory.CreateDirectory(Path.Combine(root, "empty")).FullName;
        Refused($"{empty}: no case.csv is here or in a folder below", empty);
    }

    [Test]
    public void A_folder_in_which_nothing_was_recorded()
    {
        var rows = File.ReadAllLines(folders.Tensors);
        File.WriteAllLines(folders.Tensors, rows.Where(r => !r.StartsWith("output", StringComparison.Ordinal)));
        Refused(
            $"{folders.Tensors}: output is missing: these are the tensors of a case, and what an engine made of them is expected too",
            folders.Case
        );
    }

    [Test]
    public void A_good_folder_and_a_bad_one()
    {
        File.AppendAllText(folders.Tensors, "h_n,0,0,1,2");
        var good = Path.Combine(root, "good");
        StrangersFolder.Write(good, exact: true);
        Refused($"{folders.Tensors}, row 22: the line has no end, the file is truncated", good, folders.Case);
    }

    [TestCase("output_lx")]
    [TestCase("output_l1999999999")]
    [TestCase("grad.h_l2000000000")]
    public void Two_thousand_million_layers(string name)
    {
        SpoiltFolder.Edit(folders.Keys, "num_layers,1\n", "num_layers,2000000000\n");
        File.AppendAllText(folders.Tensors, $"{name},0,0,0,2\n");
        Refused(
            $"{folders.Tensors}, row 22: '{name}' is unknown, a case like this has no tensor of that name",
            folders.Case
        );
    }

    [Test]
    public void A_run_that_drops_out()
    {
        File.AppendAllText(folders.Keys, "dropout,0.5\n");
        Refused($"{folders.Keys}, row 14: dropout is '0.5', 0 or 0.0 is expected", folders.Case);
    }

    [Test]
    public void A_manifest_that_lists_a_file_outside()
    {
        var manifest = Path.Combine(folders.Case, "manifest.csv");
        File.Delete(folders.Keys);
        File.WriteAllText(
            manifest,
            "file,sha256,script,engine,engine_version,device,blas,date\n../secret.csv,0,,,,,,\n"
        );
        Refused($"{manifest}, row 2: ../secret.csv lies outside the folder of the fixtures", folders.Case);
    }

    [Test]
    [Platform("Linux")]
    [Long("starts a process without the privileges of root")]
    public void A_folder_without_permission_to_read()
    {
        Process.Start("chmod", ["000", folders.Case]).WaitForExit();
        try
        {
            var (status, errors) = WithoutPrivilege("verify", folders.Case, "--certificate", Certificate);
            status.ShouldBe(2, errors);
            errors.Trim().ShouldBe($"{folders.Case}: may not be read: permission is denied");
            File.Exists(Certificate).ShouldBeFalse();
        }
        finally
        {
            Process.Start("chmod", ["755", folders.Case]).WaitForExit();
        }
    }

    // Root reads everything, unless it gives that up.
    private static (int status, string errors) WithoutPrivilege(params string[] arguments)
    {
        string[] drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"];
        var program = Path.Combine(AppContext.BaseDirectory, "Rnn.Parity.Cli.dll");
        string[] all = [.. Environment.UserName == "root" ? drop : [], "dotnet", program, .. arguments];
        var (status, _, errors) = Command.Run(all[0], all[1..]);
        return (status, errors);
    }

    private void Refused(string sentence, params string[] directories)
    {
        var (status, output, errors) = Verify(directories);
        status.ShouldBe(2, output);
        errors.Trim().ShouldBe(sentence);
        File.Exists(Certificate).ShouldBeFalse();
    }

    private (int status, string output, string errors) Verify(params string[] directories) =>
        ParityProcess.Within(["verify", .. directories, "--certificate", Certificate]);
}
