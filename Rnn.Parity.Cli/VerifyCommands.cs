using System.CommandLine;
using System.CommandLine.Parsing;

namespace Rnn.Parity.Cli;

/// <summary>The subcommands verify and witnesses.</summary>
internal static class VerifyCommands
{
    /// <summary>Both.</summary>
    public static IEnumerable<Command> All(TextWriter output, TextWriter errors) =>
        [Verify(output, errors), Witnesses(output, errors)];

    private static Command Verify(TextWriter output, TextWriter errors)
    {
        var directories = new Argument<string[]>("DIR")
        {
            Description =
                "A folder with case.csv and tensors.csv, or one above such folders, or a whole fixtures/; or a file that ends in .onnx.",
            Arity = ArgumentArity.OneOrMore,
        };
        var (certificate, report) = (Certificate("verify.csv"), Report());
        var command = new Command(
            "verify",
            "Certifies runs that were recorded elsewhere, as fixtures/README.md has it, and what ONNX Runtime makes of the RNN in an .onnx file."
        )
        {
            directories,
            certificate,
            report,
        };
        command.Validators.Add(given => Apart(given, certificate, report));
        command.SetAction(parsed =>
            new CommandLine(output, errors) { ReportFile = parsed.GetValue(report) }.Verify(
                parsed.GetValue(directories)!,
                parsed.GetValue(certificate)!
            )
        );
        return command;
    }

    private static Command Witnesses(TextWriter output, TextWriter errors)
    {
        var certificate = Certificate("witnesses.csv");
        var command = new Command("witnesses", "Verifies every testimony in fixtures/, and sums them up by witness.")
        {
            certificate,
        };
        command.SetAction(parsed =>
            new CommandLine(output, errors).Witnesses("fixtures", parsed.GetValue(certificate)!)
        );
        return command;
    }

    /// <summary>The option of the main job and of verify.</summary>
    public static Option<string?> Report() =>
        new("--report")
        {
            Description = "Where to write the report as one page of HTML, with pictures of the states.",
            HelpName = "FILE.html",
        };

    /// <summary>Refuses one file for both.</summary>
    public static void Apart(CommandResult given, Option<string> certificate, Option<string?> report)
    {
        if (given.GetValue(report) is { } path && path == given.GetValue(certificate))
            given.AddError($"--report is {path}, the certificate's; another place is expected.");
    }

    /// <summary>The option of all commands.</summary>
    public static Option<string> Certificate(string name) =>
        new("--certificate")
        {
            Description = "Where to write the certificate.",
            DefaultValueFactory = _ => Path.Combine("artifacts", name),
        };
}
