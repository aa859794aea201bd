using NUnit.Framework;
using Shouldly;

namespace Rnn.Parity.Tests.Build;

/// <summary>The programs of one file in scripts/.</summary>
public sealed class ScriptTests
{
    private static IEnumerable<string> Names =>
        Directory
            .GetFiles(Path.Combine(Repository.Root, "scripts"), "*.cs")
            .Select(file => Path.GetFileName(file))
            .Order();

    [TestCaseSource(nameof(Names))]
    [Long("builds the scripts")]
    public void Every_script_builds(string name)
    {
        string[] arguments = ["-c", "Release", "-v", "quiet", "-p:UseSharedCompilation=false"];
        var (status, output, errors) = Command.Run("dotnet", ["build", $"scripts/{name}", .. arguments]);
        status.ShouldBe(0, output + errors);
    }
}
