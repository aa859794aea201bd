using System.CommandLine;

namespace Rnn.Parity.Bits;

/// <summary>The subcommand bits.</summary>
public static class BitsCommand
{
    /// <summary>bits: fingerprints of what the references compute.</summary>
    public static Command Create()
    {
        var certificate = new Option<string>("--certificate")
        {
            Description = "Where to write the fingerprints.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "bits.csv"),
        };
        var command = new Command(
            "bits",
            "Writes the SHA-256 of what nn.RNN and nn.RNNCell compute, to be compared with another machine's."
        )
        {
            certificate,
        };
        command.SetAction(parsed => new CommandLine(Console.Error).RunBits(parsed.GetValue(certificate)!));
        return command;
    }
}
