using System.CommandLine;

namespace Rnn.Parity.Cli;

/// <summary>The subcommands verify and witnesses.</summary>
public static class VerifyCommands
{
    /// <summary>Both.</summary>
    public static IEnumerable<Command> All => [Verify(), Witnesses()];

    private static Command Verify()
    {
        var directories = new Argument<string[]>("DIR")
        {
            Description =
                "A folder with case.csv and tensors.csv, or one above such folders, or a whole fixtures/; or a file that ends in .onnx.",
            Arity = ArgumentArity.OneOrMore,
        };
        var certificate = Certificate("verify.csv");
        var command = new Command(
            "verify",
            "Certifies runs that were recorded elsewhere, as fixtures/README.md has it, and what ONNX Runtime makes of the RNN in an .onnx file."
        )
        {
            directories,
            certificate,
        };
        command.SetAction(parsed =>
            new CommandLine(Console.Error).Verify(parsed.GetValue(directories)!, parsed.GetValue(certificate)!)
        );
        return command;
    }

    private static Command Witnesses()
    {
        var certificate = Certificate("witnesses.csv");
        var command = new Command("witnesses", "Verifies every testimony in fixtures/, and sums them up by witness.")
        {
            certificate,
        };
        command.SetAction(parsed =>
            new CommandLine(Console.Error).Witnesses("fixtures", parsed.GetValue(certificate)!)
        );
        return command;
    }

    private static Option<string> Certificate(string name) =>
        new("--certificate")
        {
            Description = "Where to write the certificate.",
            DefaultValueFactory = _ => Path.Combine("artifacts", name),
        };
}
