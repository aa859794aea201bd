using System.Diagnostics;
using NUnit.Framework;
using Shouldly;

namespace Rnn.Parity.Tests;

/// <summary>The class of docs/your-own-rnn.md, as it stands there, and with a mistake.</summary>
public sealed class OwnRnnPageTests
{
    [Test]
    public void The_class_of_the_page_is_certified_and_without_a_bias_it_is_told_so()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "your-own-rnn.md"));
        var code = page.Split("\n```csharp\n")[1].Split("\n```")[0];
        Run(code)
            .ShouldMatch(
                "^Certified\nmine .*\n(.*\n)*  began in layer 0, forward, step 0, row 0, unit \\d+: the same function in another order of rounding: added from left to right\n"
            );

        const string bias = """ + get_parameter("bias_hh_l0")!""";
        code.ShouldContain(bias);
        var wrong = Run(code.Replace(bias, "", StringComparison.Ordinal));
        wrong.ShouldStartWith("Differs\n");
        foreach (var sentence in page.Split("it prints *Differs*, and\n\n```\n")[1].Split("\n```")[0].Split('\n'))
            wrong.ShouldContain(sentence);
    }

    private static string Run(string code)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "own-class");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "Mine.cs"), code);
        // the rules of this repository are not the reader's
        File.WriteAllText(Path.Combine(folder, "Directory.Build.props"), "<Project />");
        var start = new ProcessStartInfo("dotnet", ["run", "Mine.cs"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd().ReplaceLineEndings("\n");
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, output + errors.Result);
        return output;
    }
}
