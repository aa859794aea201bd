using System.CommandLine;

namespace Rnn.Parity.Cli;

internal static class VerifyCommands
{
    public static IEnumerable<Command> All(TextWriter output) => [Verify(output), Merge(output)];

    private static Command Verify(TextWriter output)
    {
        var directories = Paths(
            "DIR",
            "A folder with case.csv and tensors.csv, or one above such folders, or a whole fixtures/; or a file that ends in .onnx."
        );
        var (certificate, shard, report) = (Certificate("verify.csv"), Shard(), Report());
        var command = new Command(
            "verify",
            "Checks runs that were recorded elsewhere (the format is in fixtures/README.md), and what ONNX Runtime computes for the RNN in an .onnx file."
        )
        {
            directories,
            shard,
            certificate,
            report,
        };
        command.SetAction(parsed =>
            new CommandLine(output, parsed.GetValue(report)).Verify(
                parsed.GetValue(directories)!,
                parsed.GetValue(certificate)!,
                parsed.GetValue(shard)!
            )
        );
        return command;
    }

    private static Command Merge(TextWriter output)
    {
        var parts = Paths("CERTIFICATE", "The certificates of all parts, as --shard makes them.");
        var certificate = Certificate("merged.csv");
        var command = new Command("merge", "Joins the certificates of all parts of some work to that of the whole.")
        {
            parts,
            certificate,
        };
        command.SetAction(parsed =>
            new CommandLine(output).Merge(parsed.GetValue(parts)!, parsed.GetValue(certificate)!)
        );
        return command;
    }

    private static Argument<string[]> Paths(string name, string description)
    {
        var paths = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.OneOrMore };
        paths.Validators.Add(given =>
        {
            if (given.Tokens.FirstOrDefault(t => t.Value.StartsWith('-') && !Path.Exists(t.Value)) is { } option)
                given.AddError($"Unrecognized option '{option.Value}'.");
        });
        return paths;
    }

    public static Option<Shard> Shard() =>
        new("--shard")
        {
            Description = "A part k/n of the work, every n-th item from the k-th on; merge joins the parts.",
            DefaultValueFactory = _ => Reporting.Shard.Whole,
            CustomParser = given =>
            {
                var text = given.Tokens[0].Value;
                if (Reporting.Shard.Parse(text) is not { } shard)
                {
                    given.AddError($"--shard is {text}, k/n is expected with k from 1 to n, as in 2/8.");
                    return Reporting.Shard.Whole;
                }
                return shard;
            },
        };

    public static Option<string?> Report() =>
        new("--report")
        {
            Description = "Where to write the report as one page of HTML, with pictures of the states.",
            HelpName = "FILE.html",
        };

    public static Option<string> Certificate(string name) =>
        new("--certificate")
        {
            Description = "Where to write the certificate.",
            DefaultValueFactory = _ => Path.Combine("artifacts", name),
        };
}
