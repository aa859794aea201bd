using System.Globalization;
using Rnn.Parity.Mutants;
using Exercise = Rnn.Parity.Mutants.Hunt;

namespace Rnn.Parity.Cli;

public sealed partial class CommandLine
{
    /// <summary>The kill matrix that the mutants are put to.</summary>
    public Func<IReadOnlyList<KillRow>> Kill { get; init; } =
        static () =>
            Terminal.Watch(
                Catalogue.Controls.Count + Catalogue.Mutants.Count,
                static done => new KillMatrix().Rows(done)
            );

    /// <summary>Puts every mutant to every kind of evidence: 1 if one is alive, or a right RNN is killed.</summary>
    public int RunMutants(string certificate) =>
        Guarded(
            "cpu",
            _ =>
            {
                var rows = Kill();
                var report = new KillReport(KillMatrix.Names, rows);
                report.Write(certificate);
                Console.WriteLine($"certificate: {certificate}");
                report.Write(Terminal.Console, Terminal.Plain);
                return rows.All(row => row.IsRight) ? 0 : 1;
            }
        );

    /// <summary>Runs a wrong RNN and takes the name of its mistake: 0 if it is the one, 1 if not.</summary>
    /// <param name="seed">Which; any if null, and then it is told.</param>
    /// <param name="answer">The name or the number; null to ask for it.</param>
    /// <param name="input">Where the answer is read from.</param>
    public int Hunt(int? seed, string? answer, TextReader input) =>
        Guarded(
            "cpu",
            _ =>
            {
                if (answer is not null && seed is null)
                    return Refuse("--answer is given without --seed, which says to what it is the answer.");
                if (seed < 0)
                    return Refuse($"--seed is {seed}, a number from 0 on is expected.");
                var hunt = new Exercise(seed ??= Random.Shared.Next(1_000_000), Trials.Identical());
                if (answer is null)
                {
                    Console.WriteLine($"{hunt.Clue()}\n\n{Exercise.List}\n");
                    Console.Write($"What is the mistake of RNN {seed}? A number or a name: ");
                    answer = input.ReadLine();
                    Console.WriteLine();
                }
                return answer is null
                    ? Refuse($"The input ended without an answer; --seed {seed} --answer NAME gives one.")
                    : Judge(hunt, answer);
            }
        );

    private int Judge(Exercise hunt, string answer)
    {
        if (Exercise.Choice(answer) is not { } choice)
            return Refuse(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The answer is '{answer}', a number from 1 to {Exercise.Choices.Count} or a name from the list is expected."
                )
            );
        var right = hunt.IsRight(choice);
        Console.WriteLine($"{(right ? "Right" : "No")}, it is {hunt.Quarry}: {hunt.Quarry.Mistake}");
        return right ? 0 : 1;
    }
}
