using System.Text.RegularExpressions;
using NUnit.Framework;
using Rnn.Parity.Tests.Build;
using Shouldly;

namespace Rnn.Parity.Tests.Pages;

/// <summary>What README.md quotes of the program; <see cref="PackageTests"/> runs its class.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Test]
    [Long("runs the main job for what README quotes of it")]
    public void The_main_job_writes_what_is_quoted()
    {
        var certificate = Path.GetTempFileName();
        var (status, output, _) = ParityProcess.Within("--certificate", certificate);
        File.Delete(certificate);
        status.ShouldBe(0, output);
        var quoted = readme
            .Split("```")
            .Single(block => block.TrimStart().StartsWith("Implementations beside", StringComparison.Ordinal));
        var lines = quoted.Split('\n').Select(line => line.Trim()).Where(line => line is not ("" or "…")).ToList();
        lines.Count.ShouldBeGreaterThan(8);
        foreach (var line in lines)
            // the size of an error is the machine's, and so is the width of a column
            output.ShouldMatch(Space().Replace(Figure().Replace(Regex.Escape(line), @"[\d.E-]+"), @"\s+"));
    }

    [Test]
    public void The_program_has_every_option_that_is_named()
    {
        var help = string.Concat(
            (
                (string[][])
                    [
                        ["--help"],
                        ["verify", "--help"],
                        ["merge", "--help"],
                    ]
            ).Select(arguments => ParityProcess.Within(arguments).output)
        );
        var named = Option().Matches(readme).Select(m => m.Value).Distinct().ToList();
        named.ShouldContain("--shard");
        named.ShouldContain("--certificate");
        foreach (var option in named)
            help.ShouldMatch($@"{option}(?![\w-])");
    }

    // but for those of dotnet
    [GeneratedRegex(@"(?<![\w-])--(?!project|no-build)[a-z]+")]
    private static partial Regex Option();

    [GeneratedRegex(@"(?<=(error|bound)\\ )[\d.E-]+")]
    private static partial Regex Figure();

    [GeneratedRegex(@"(\\ )+")]
    private static partial Regex Space();
}
