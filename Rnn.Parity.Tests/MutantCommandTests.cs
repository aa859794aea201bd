using NUnit.Framework;
using Rnn.Parity.Mutants;
using Shouldly;

namespace Rnn.Parity.Tests;

/// <summary>The subcommands mutants and hunt from outside.</summary>
public sealed class MutantCommandTests
{
    [Test]
    public void Mutants_writes_the_table_the_certificate_and_the_counts()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var certificate = Path.Combine(folder, "mutants.csv");
        var (status, output, errors) = ParityProcess.Run("", "mutants", "--certificate", certificate);
        errors.ShouldBeEmpty();
        status.ShouldBe(0, output);
        output.ShouldNotContain("\u001b", Case.Sensitive, "piped output is plain");
        output.TrimEnd().Split('\n')[^1].ShouldMatch($"^{Catalogue.Mutants.Count} mutants: .*, 0 alive$");

        var rows = File.ReadAllText(certificate);
        rows.ShouldStartWith("mutant,mistake,identical,exact,certified,published,verdict,");
        rows.TrimEnd().Split('\n').Length.ShouldBe(1 + Catalogue.Controls.Count + Catalogue.Mutants.Count);
        rows.ShouldNotContain('\r');
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void Hunt_shows_a_clue_and_takes_a_name()
    {
        var (status, output, errors) = ParityProcess.Run("nonlinearity-missing\n", "hunt", "--seed", "9");
        errors.ShouldBeEmpty();
        status.ShouldBeOneOf(0, 1);
        output.ShouldContain("the RNN differs from nn.RNNCell on cpu, after a call with other input");
        output.ShouldContain("\n  1. input-dropped\n");
        output.TrimEnd().Split('\n')[^1].ShouldStartWith(status == 0 ? "Right, it is " : "No, it is ");

        var name = output.TrimEnd().Split("it is ")[^1].Split(':')[0];
        ParityProcess.Run("", "hunt", "--seed", "9", "--answer", name).status.ShouldBe(0);
        ParityProcess.Run("", "hunt", "--seed", "9", "--answer", "biases-merged").status.ShouldBe(1);
    }

    [TestCase("--seed is -1, a number from 0 on is expected.", "--seed", "-1")]
    [TestCase("The input ended without an answer; --seed 4 --answer NAME gives one.", "--seed", "4")]
    [TestCase("--seed is four, a whole number of at most 2147483647 is expected.", "--seed", "four")]
    [TestCase("--answer is given without --seed, which says to what it is the answer.", "--answer", "biases-merged")]
    [TestCase("The answer is 'tired', a number from 1 to", "--seed", "4", "--answer", "tired")]
    public void A_mistake_in_a_hunt_is_one_sentence(string sentence, params string[] arguments)
    {
        var (status, _, errors) = ParityProcess.Run("", ["hunt", .. arguments]);
        status.ShouldBe(2);
        errors.ShouldStartWith(sentence);
        errors.ShouldNotContain("   at ");
    }
}
