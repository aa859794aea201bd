using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Rnn.Parity.Cli;

internal static class Program
{
    public static int Main(string[] args) => Run(args, Console.Out, Console.Error);

    /// <summary>The program, with what it writes to.</summary>
    /// <returns>The exit status: a command's, or 2 for bad usage or bad input, in one sentence.</returns>
    internal static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var device = new Option<string>("--device")
        {
            Description = "Where to run: cpu, cuda, or all that there are.",
            HelpName = "cpu|cuda|all",
            DefaultValueFactory = _ => "cpu",
        };
        device.Validators.Add(given =>
        {
            if (
                given.Tokens.Select(token => token.Value).FirstOrDefault("cpu")
                is not ("cpu" or "cuda" or "all")
                    and var other
            )
                given.AddError($"--device is {other}, cpu, cuda or all is expected.");
        });
        var filter = new Option<string?>("--filter")
        {
            Description = "Only what has this text in its document, case, implementation, reference or section.",
        };
        var only = new Option<string?>("--case")
        {
            Description =
                "Only the case with this id: one of the table, one of the matrix, as m1-0042, or an exact one, as e1-0042.",
        };
        var all = new Option<bool>("--all") { Description = "The whole matrix of cases instead of the documents." };
        var seed = Whole("--seed", "Another draw of the matrix.", 0, 1);
        var cases = Whole("--cases", "How many cases of the matrix.", 1, MatrixCase.Count);
        var (shard, certificate, report) = (
            VerifyCommands.Shard(),
            VerifyCommands.Certificate("parity.csv"),
            VerifyCommands.Report()
        );
        var command = new RootCommand(
            "Runs the RNNs from scratch beside nn.RNN and nn.RNNCell, and says what holds between them."
        )
        {
            device,
            filter,
            only,
            all,
            seed,
            cases,
            shard,
            certificate,
            report,
        };
        command.Validators.Add(given =>
        {
            if (given.GetValue(all) && (given.GetValue(only) ?? given.GetValue(filter)) is not null)
                given.AddError("--all runs every case: --case and --filter have no place beside it.");
            if (given.GetValue(all) && given.GetValue(report) is not null)
                given.AddError("--all has a table of options alone: --report has no place beside it.");
            if (!given.GetValue(all) && given.GetResult(seed) is { Implicit: false })
                given.AddError("--seed draws another matrix: it needs --all.");
            if (!given.GetValue(all) && given.GetResult(cases) is { Implicit: false })
                given.AddError("--cases is a number of cases of the matrix: it needs --all.");
            if (!given.GetValue(all) && given.GetResult(shard) is { Implicit: false })
                given.AddError("--shard is a part of the matrix: it needs --all.");
        });
        command.SetAction(parsed =>
            parsed.GetValue(all)
                ? new CommandLine(output).RunMatrix(
                    parsed.GetValue(device)!,
                    parsed.GetValue(seed),
                    parsed.GetValue(cases),
                    parsed.GetValue(shard)!,
                    parsed.GetValue(certificate)!
                )
                : new CommandLine(output, parsed.GetValue(report)).Run(
                    parsed.GetValue(device)!,
                    parsed.GetValue(only),
                    parsed.GetValue(filter),
                    parsed.GetValue(certificate)!
                )
        );
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

    private static Option<int> Whole(string name, string description, int least, int otherwise) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => otherwise,
            CustomParser = given =>
            {
                var text = given.Tokens[0].Value;
                if (
                    !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    || number < least
                )
                    given.AddError($"{name} is {text}, a whole number from {least} to {int.MaxValue} is expected.");
                return number;
            },
        };
}
