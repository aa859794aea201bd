using Rnn.Parity.Cli;

namespace Rnn.Parity.Tests;

/// <summary>The program: what it writes, and its exit status.</summary>
internal static class ParityProcess
{
    /// <summary>Runs it within this process, which is cheaper by the start of another.</summary>
    public static (int status, string output, string errors) Within(params string[] arguments)
    {
        var (output, errors) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var status = Program.Run(arguments, output, errors);
        return (status, output.ToString(), errors.ToString());
    }

    /// <summary>Runs it in a process of its own, to its end.</summary>
    public static (int status, string output, string errors) Run(params string[] arguments) =>
        Command.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "Rnn.Parity.Cli.dll"), .. arguments]);
}
