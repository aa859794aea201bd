using System.CommandLine;

namespace Rnn.Parity.Cli;

/// <summary>The subcommands mutants and hunt.</summary>
public static class MutantCommands
{
    /// <summary>mutants: the kill matrix.</summary>
    public static Command Mutants()
    {
        var certificate = new Option<string>("--certificate")
        {
            Description = "Where to write the certificate.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "mutants.csv"),
        };
        var command = new Command("mutants", "Puts wrong RNNs to every kind of evidence: none may survive.")
        {
            certificate,
        };
        command.SetAction(parsed => new CommandLine(Console.Error).RunMutants(parsed.GetValue(certificate)!));
        return command;
    }

    /// <summary>hunt: the exercise.</summary>
    public static Command Hunt()
    {
        var seed = new Option<int?>("--seed")
        {
            Description = "Which wrong RNN; any if left out.",
            CustomParser = given => SeedOption.Parse(given),
        };
        var answer = new Option<string?>("--answer")
        {
            Description = "The name or number of the mistake, instead of being asked for it.",
        };
        var command = new Command("hunt", "Shows what a wrong RNN does, and lets you name the mistake.")
        {
            seed,
            answer,
        };
        command.SetAction(parsed =>
            new CommandLine(Console.Error).Hunt(parsed.GetValue(seed), parsed.GetValue(answer), Console.In)
        );
        return command;
    }
}
