using System.Diagnostics;

namespace Rnn.Parity.Tests;

/// <summary>A program in a process of its own: what it writes, and its exit status.</summary>
internal static class Command
{
    private static readonly TimeSpan limit = TimeSpan.FromMinutes(20);

    /// <summary>Runs it to its end, in the repository's folder or another.</summary>
    public static (int status, string output, string errors) Run(
        string program,
        IEnumerable<string> arguments,
        string? folder = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // a server would keep the output open
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} has not ended after {limit.TotalMinutes} minutes");
        }
        return (process.ExitCode, output.Result.ReplaceLineEndings("\n"), errors.Result);
    }
}
