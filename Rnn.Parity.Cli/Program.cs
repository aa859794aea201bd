using System.Runtime.InteropServices;

namespace Rnn.Parity.Cli;

internal static class Program
{
    public static int Main(string[] args) => Run(args, Console.Out, Console.Error);

    /// <summary>The program, with what it writes to.</summary>
    /// <returns>The exit status: a command's, or 2 for bad usage or bad input, in one sentence.</returns>
    internal static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var command = MainCommand.Of(output);
        foreach (var verify in VerifyCommands.All(output))
            command.Subcommands.Add(verify);

        var arguments = command.Parse(args);
        var chosen = arguments.CommandResult.Command;
        var misplaced = command.Options.FirstOrDefault(o =>
            chosen != command && !o.Recursive && arguments.GetResult(o) is { Implicit: false }
        );
        var error =
            misplaced is not null
                ? $"{misplaced.Name} stands before {chosen.Name}: {chosen.Name} --help lists what it takes."
            : arguments.Errors is [var first, ..] ? first.Message
            : null;
        if (error is not null)
            return Refuse(
                string.Join(
                    " ",
                    error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                )
            );
        try
        {
            return arguments.Invoke(
                new()
                {
                    Output = output,
                    Error = errors,
                    EnableDefaultExceptionHandler = false,
                }
            );
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or ArgumentException
                        or ExternalException
                        or RunException
            )
        {
            return Refuse(e.Message);
        }
        catch (OutOfMemoryException)
        {
            return Refuse("there is not enough memory for this");
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            return Refuse("libtorch could not be loaded: " + e.GetBaseException().Message);
        }

        int Refuse(string sentence)
        {
            errors.WriteLine(sentence.Split('\n')[0]);
            return 2;
        }
    }
}
