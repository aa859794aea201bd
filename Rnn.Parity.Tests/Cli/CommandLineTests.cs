using NUnit.Framework;
using Rnn.Parity.Cli;
using Rnn.Parity.Comparison;
using Rnn.Parity.Machine;
using Rnn.Parity.Reporting;
using Shouldly;

namespace Rnn.Parity.Tests.Cli;

/// <summary>The main job from outside: exit status, table, certificate, and one sentence for a mistake.</summary>
public sealed class CommandLineTests
{
    private string folder = "";

    private string Certificate => Path.Combine(folder, "parity.csv");

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    [Long("the main job, in a process of its own")]
    public void Without_arguments_it_establishes_everything()
    {
        var (status, output, errors) = ParityProcess.Run("--certificate", Certificate);
        errors.ShouldBeEmpty();
        status.ShouldBe(0, output);
        foreach (var document in new[] { "000", "001", "002", "003", "004" })
            output.ShouldContain($"{document}      {document}-");
        foreach (
            var words in new[]
            {
                "ParameterRnn",
                "LinearRnn",
                "StepLoopRnn",
                "identical",
                "certified",
                "exact",
                " 0 failed",
            }
        )
            output.ShouldContain(words);
        output.ShouldNotContain("\u001b", Case.Sensitive, "piped output is plain");

        var rows = File.ReadAllText(Certificate);
        rows.ShouldNotContain('\r');
        rows.ShouldStartWith("section,document,case,implementation,reference,device,evidence,holds,");
        rows.Split('\n').Count(row => row.StartsWith("parity,", StringComparison.Ordinal)).ShouldBe(70);
        Directory.GetFiles(folder).ShouldBe([Certificate]);
    }

    [Test]
    public void A_case_can_be_run_alone()
    {
        var (status, output, _) = Run("--case", "004-cell");
        status.ShouldBe(0);
        output.ShouldContain("7 checks: ");
    }

    [Test]
    public void An_exact_case_can_be_run_alone()
    {
        var (status, output, _) = Run("--case", "e1-0042");
        status.ShouldBe(0);
        output.ShouldContain("Integer-valued cases");
        output.ShouldContain("11 checks: 11 exact, 0 failed");
    }

    [Test]
    public void A_filter_selects_by_name()
    {
        static Check Of(string subject) =>
            new(Section.Parity, "000", "planted", subject, "reference", "cpu", () => new(Evidence.Identical, subject));
        using var output = new StringWriter();
        new CommandLine(output) { Plan = _ => [Of("StepLoopRnn"), Of("ParameterRnn")] }
            .Run("cpu", null, "steploop", Certificate)
            .ShouldBe(0);
        output.ToString().ShouldContain("StepLoopRnn");
        output.ToString().ShouldNotContain("ParameterRnn");
    }

    [Test]
    public void A_document_is_established_in_a_table_and_a_certificate()
    {
        var (status, output, errors) = Run("--filter", "004-");
        errors.ShouldBeEmpty();
        status.ShouldBe(0, output);
        foreach (var words in new[] { "004      004-cell ", "ParameterRnn", "identical", "certified", " 0 failed" })
            output.ShouldContain(words);
        output.ShouldNotContain("003-");
        output.ShouldNotContain("\u001b", Case.Sensitive, "what is no terminal's is plain");
        File.ReadLines(Certificate).First().ShouldStartWith("section,document,case,implementation,reference,device,");
        Directory.GetFiles(folder).ShouldBe([Certificate]);
    }

    [TestCase(true, 0)]
    [TestCase(false, 1)]
    public void The_status_says_whether_everything_holds(bool holds, int status)
    {
        var finding = new Finding(Evidence.Identical, "planted") { Holds = holds };
        var check = new Check(Section.Parity, "000", "planted", "subject", "reference", "cpu", () => finding);
        new CommandLine(TextWriter.Null)
        {
            Plan = _ => [check, check with { Run = () => finding with { Holds = true } }],
        }
            .Run("cpu", null, null, Certificate)
            .ShouldBe(status);
    }

    [TestCase(Evidence.Identical, 3)]
    [TestCase(Evidence.Differs, 1)]
    public void What_is_undecided_neither_passes_nor_fails(Evidence beside, int status)
    {
        static Check Of(Evidence evidence) =>
            new(Section.Parity, "000", "planted", "subject", "reference", "cpu", () => new(evidence, "planted"));
        new CommandLine(TextWriter.Null) { Plan = _ => [Of(Evidence.Undecided), Of(beside)] }
            .Run("cpu", null, null, Certificate)
            .ShouldBe(status);
        File.ReadAllText(Certificate).ShouldContain(",undecided,no,");
    }

    [Test]
    public void Help_says_what_there_is()
    {
        var (status, output, _) = Run("--help");
        status.ShouldBe(0);
        foreach (var option in new[] { "--device", "--filter", "--case", "verify", "merge" })
            output.ShouldContain(option);
    }

    [TestCase("--case is 'nowhere', and the cases are 000-one-neuron,", "--case", "nowhere")]
    [TestCase(
        "--filter is 'nothing', and no document, case, implementation, reference or section has",
        "--filter",
        "nothing"
    )]
    [TestCase("--filter is empty, a part of a name is expected.", "--filter", "")]
    [TestCase("--case and --filter are given: one of them chooses.", "--case", "004-cell", "--filter", "004")]
    [TestCase("--seed draws another matrix: it needs --all.", "--seed", "5")]
    [TestCase("--seed is 2.5, a whole number from 0 to 2147483647 is expected.", "--all", "--seed", "2.5")]
    [TestCase("--seed is -1, a whole number from 0 to 2147483647 is expected.", "--all", "--seed", "-1")]
    [TestCase("--cases is 0, a whole number from 1 to 2147483647 is expected.", "--all", "--cases", "0")]
    [TestCase("--cases is 1000001, at most 1000000 are expected, or of more a part", "--all", "--cases", "1000001")]
    [TestCase("--cases is a number of cases of the matrix: it needs --all.", "--cases", "5")]
    [TestCase("--all runs every case: --case and --filter have no place beside it.", "--all", "--filter", "004")]
    [TestCase("Unrecognized command or argument '--frobnicate'.", "--frobnicate")]
    [TestCase("--all stands before verify: verify --help lists what it takes.", "--all", "verify", "x")]
    [TestCase("--device is tpu, cpu, cuda or all is expected.", "--device", "tpu")]
    public void A_mistake_is_one_sentence(string sentence, params string[] arguments)
    {
        var (status, _, errors) = Run(arguments);
        status.ShouldBe(2);
        errors.ShouldStartWith(sentence);
        errors.ShouldNotContain("   at ");
        File.Exists(Certificate).ShouldBeFalse();
    }

    [Test]
    public void A_certificate_that_cannot_be_written_is_a_sentence()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        var (status, _, errors) = Run("--case", "004-cell", "--certificate", Path.Combine(file, "parity.csv"));
        status.ShouldBe(2);
        errors.ShouldContain(file);
        errors.ShouldNotContain("   at ");
    }

    // Its gradients of gradients are of two orders of addition, beside each other, and have no bound.
    [Test]
    public void A_case_of_the_matrix_that_README_names_holds()
    {
        var (status, output, _) = Run("--case", "m1-0042");
        status.ShouldBe(0, output);
        output.ShouldContain("7 checks: ");
    }

    [Test]
    public void Cuda_is_refused_in_a_sentence_where_there_is_none()
    {
        if (Surroundings.Devices.Contains("cuda"))
            Assert.Ignore("this machine has a CUDA device");
        var (status, _, errors) = Run("--device", "cuda");
        status.ShouldBe(2);
        errors.Trim().ShouldBe("--device is cuda, and torch finds no CUDA device on this machine.");
    }

    [Test]
    public void All_takes_what_there_is_and_says_what_it_left_out()
    {
        if (Surroundings.Devices.Contains("cuda"))
            Assert.Ignore("this machine has a CUDA device");
        var (status, output, _) = Run("--device", "all", "--case", "004-cell");
        status.ShouldBe(0);
        output.ShouldStartWith("Left out: cuda, since torch finds no CUDA device on this machine.");
        // merge is to tell a part without it
        var certificate = Path.Combine(Directory.CreateTempSubdirectory().FullName, "all.csv");
        Run("--all", "--device", "all", "--cases", "1", "--certificate", certificate).status.ShouldBe(0);
        File.ReadAllText(certificate).ShouldContain(",--all --seed 1 --cases 1 --device cpu,");
    }

    private (int status, string output, string errors) Run(params string[] arguments)
    {
        var all = arguments.Contains("--certificate") ? arguments : [.. arguments, "--certificate", Certificate];
        return ParityProcess.Within(all);
    }
}
