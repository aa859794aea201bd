using System.CommandLine.Parsing;
using System.Globalization;

namespace Rnn.Parity.Cli;

/// <summary>The option --seed, which more than one command takes.</summary>
public static class SeedOption
{
    /// <summary>Reads a whole number, or says what was expected.</summary>
    public static int Parse(ArgumentResult given)
    {
        ArgumentNullException.ThrowIfNull(given);
        var text = given.Tokens[0].Value;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed))
            given.AddError($"--seed is {text}, a whole number of at most {int.MaxValue} is expected.");
        return seed;
    }
}
