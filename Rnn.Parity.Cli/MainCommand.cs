using System.CommandLine;
using System.Globalization;

namespace Rnn.Parity.Cli;

/// <summary>The command without a name: the main job, one case, or the matrix.</summary>
internal static class MainCommand
{
    public static RootCommand Of(TextWriter output)
    {
        var device = Device();
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
        return command;
    }

    private static Option<string> Device()
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
        return device;
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
