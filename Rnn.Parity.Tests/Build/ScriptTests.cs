using System.Diagnostics;
using NUnit.Framework;
using Shouldly;

namespace Rnn.Parity.Tests.Build;

/// <summary>The programs of one file in scripts/.</summary>
public sealed class ScriptTests
{
    [Test]
    [Long("builds the scripts")]
    public void Every_script_builds([Values("fixtures.cs", "bits.cs")] string name)
    {
        var start = new ProcessStartInfo("dotnet", ["build", $"scripts/{name}", "-c", "Release", "-v", "quiet"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        };
        // a server would keep the output open
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.ArgumentList.Add("-p:UseSharedCompilation=false");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, output);
    }

    [Test]
    public void They_are_all_here() =>
        Directory
            .GetFiles(Path.Combine(Repository.Root, "scripts"), "*.cs")
            .Select(Path.GetFileName)
            .Order()
            .ShouldBe(["bits.cs", "fixtures.cs"]);
}
