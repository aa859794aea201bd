using NUnit.Framework;
using Rnn.Parity.Cli;
using Rnn.Parity.Comparison;
using Rnn.Parity.Machine;
using Rnn.Parity.Reporting;
using Shouldly;

namespace Rnn.Parity.Tests.Cli;

/// <summary>The report tells what failed, and the certificate says no.</summary>
public sealed class ReportTests
{
    private static readonly Surroundings nowhere = new("binding", "1", "blas", "cpu", "os", "runtime", 1);

    [Test]
    public void A_failure_is_counted_and_explained()
    {
        var writer = new StringWriter();
        new Report(Terminal.Of(writer)).Write(Results, nowhere);
        var text = writer.ToString();
        text.ShouldContain("FAILED: differs");
        text.ShouldContain("why it failed");
        text.ShouldContain("4 checks: 1 identical, 1 certified, 2 failed");
    }

    [Test]
    public void What_is_piped_is_not_wrapped()
    {
        var writer = new StringWriter();
        var words = string.Join(' ', Enumerable.Repeat("word", 1000));
        new Report(Terminal.Of(writer)).Write(
            [Result(new Finding(Evidence.Differs, "b") { Explanation = words })],
            nowhere
        );
        writer.ToString().Split('\n').ShouldContain(words);
    }

    [Test]
    public void A_certificate_says_what_does_not_hold()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var path = Path.Combine(folder, "parity.csv");
            Certificate.Write(path, Results, nowhere, "", Shard.Whole);
            var rows = File.ReadAllLines(path).Skip(1).Select(row => row.Split(',')[6..8]).ToList();
            rows.ShouldBe([
                ["identical", "yes"],
                ["differs", "no"],
                ["certified", "yes"],
                ["certified", "no"],
            ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IReadOnlyList<Result> Results =>
        [
            Result(new Finding(Evidence.Identical, "a")),
            Result(new Finding(Evidence.Differs, "b") { Explanation = "why it failed" }),
            Result(new Finding(Evidence.Certified, "d")),
            Result(new Finding(Evidence.Certified, "e"), Evidence.Identical),
        ];

    private static Result Result(Finding finding, Evidence claim = Evidence.Certified) =>
        new(
            new Check(Section.Parity, "000", finding.Detail, "subject", "reference", "cpu", () => finding)
            {
                Claim = claim,
            },
            finding
        );
}
