using System.Globalization;
using Rnn.Parity.Cases;
using Rnn.Parity.Divergences;
using static TorchSharp.torch;

namespace Rnn.Parity.Mutants;

/// <summary>An exercise: a wrong RNN is run, and a person names the mistake from what the comparison shows.</summary>
public sealed class Hunt(int seed)
{
    private readonly Lazy<(Trial trial, Finding finding)?> killer = new(() =>
        KillMatrix.Killer(Pick(seed), Trials.Identical())
    );

    /// <summary>The mistakes to choose from.</summary>
    public static IReadOnlyList<Mutant> Choices => Catalogue.Mutants;

    /// <summary>What is hunted.</summary>
    public Mutant Quarry => Pick(seed);

    /// <summary>What the comparison with nn.RNNCell shows.</summary>
    public string Clue
    {
        get
        {
            if (killer.Value is not var (trial, finding))
                return "The bits are those of nn.RNNCell in every case.";
            var c = trial.Case;
            var differences = finding.Explanation!.Split('\n').Skip(1);
            return string.Join(
                '\n',
                [
                    $"{c}: the RNN differs from {RnnFactory.RnnCell} on cpu, after a call with other input",
                    .. differences,
                    .. Began(c),
                ]
            );
        }
    }

    /// <summary>The mistakes by number, a line each.</summary>
    public static string List =>
        string.Join(
            '\n',
            Choices.Select((m, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1, 3}. {m.Name}"))
        );

    /// <summary>The choice of that number or name; null if there is none.</summary>
    public static Mutant? Choice(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Choices.ElementAtOrDefault(number - 1)
            : Choices.FirstOrDefault(m => m.Name == answer.Trim());
    }

    // With dropout a layer cannot be run by itself again: its mask is another.
    private IEnumerable<string> Began(RnnCase c) =>
        c.Options.Dropout == 0
        && Divergence.Explain(Quarry.Rnn with { Name = "the RNN" }, RnnFactory.RnnCell, c, CPU) is { } words
            ? [$"  {words}"]
            : [];

    private static Mutant Pick(int seed) => Choices[(int)((uint)seed * 2654435761u % (uint)Choices.Count)];
}
