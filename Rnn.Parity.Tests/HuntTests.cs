using NUnit.Framework;
using Rnn.Parity.Cli;
using Rnn.Parity.Mutants;
using Shouldly;

namespace Rnn.Parity.Tests;

/// <summary>The exercise: what it shows, and what it makes of an answer.</summary>
[NonParallelizable]
public sealed class HuntTests
{
    private static readonly Lazy<TrialKind> trials = new(Trials.Identical);

    [Test]
    public void Every_mistake_can_be_hunted_and_the_clue_does_not_name_it()
    {
        var hunts = Enumerable
            .Range(0, 2000)
            .Select(seed => new Hunt(seed, trials.Value))
            .DistinctBy(h => h.Quarry)
            .ToList();
        hunts.Select(h => h.Quarry).ShouldBe(Hunt.Choices, ignoreOrder: true);
        foreach (var hunt in hunts)
        {
            var clue = hunt.Clue();
            clue.ShouldContain("the RNN differs from nn.RNNCell on cpu", Case.Sensitive, hunt.Quarry.Name);
            clue.Split('\n').Length.ShouldBeGreaterThan(1, hunt.Quarry.Name);
            clue.ShouldNotContain(hunt.Quarry.Name);
            clue.ShouldNotContain("PlantedRnn");
        }
    }

    [Test]
    public void A_clue_says_where_it_began() =>
        Of("bias-hh-negated")
            .Clue()
            .ShouldEndWith(
                "\n  began in layer 0, forward, step 0, row 0, unit 0: the term b_hh is negated: another function"
            );

    [Test]
    public void The_same_function_by_another_name_is_right_as_well()
    {
        var hunt = Of("state-reset-at-each-step");
        hunt.IsRight(Hunt.Choice("recurrent-dropped")!).ShouldBeTrue();
        hunt.IsRight(Hunt.Choice("recurrent-doubled")!).ShouldBeFalse();
        // Without dropout they are the same, and it is not without.
        Of("dropout-unscaled").IsRight(Hunt.Choice("dropout-forgotten")!).ShouldBeFalse();
    }

    [Test]
    public void A_choice_is_a_number_or_a_name()
    {
        Hunt.Choice(" 1 ").ShouldBe(Hunt.Choices[0]);
        Hunt.Choice(" biases-merged ")!.Name.ShouldBe("biases-merged");
        foreach (var wrong in new[] { "0", "1000", "-1", "", "biases" })
            Hunt.Choice(wrong).ShouldBeNull(wrong);
        Hunt.List.Split('\n').Length.ShouldBe(Hunt.Choices.Count);
        Hunt.List.ShouldStartWith($"  1. {Hunt.Choices[0].Name}\n");
    }

    [Test]
    public void The_status_says_whether_the_answer_is_right()
    {
        var name = new Hunt(5, trials.Value).Quarry.Name;
        var other = Hunt.Choices.First(m => m.Kind == MutantKind.Rounding && m.Name != name).Name;
        Status(5, name).ShouldBe((0, ""));
        Status(5, other).ShouldBe((1, ""));
        Status(5, null, name + "\n").ShouldBe((0, ""));
        Status(5, null, "").ShouldBe((2, "The input ended without an answer; --seed 5 --answer NAME gives one."));
        Status(5, "tired")
            .ShouldBe(
                (
                    2,
                    $"The answer is 'tired', a number from 1 to {Hunt.Choices.Count} or a name from the list is expected."
                )
            );
        Status(-1, name).ShouldBe((2, "--seed is -1, a number from 0 on is expected."));
        Status(null, name).status.ShouldBe(2);
    }

    private static (int status, string errors) Status(int? seed, string? answer, string input = "")
    {
        using var errors = new StringWriter();
        using var reader = new StringReader(input);
        var status = new CommandLine(errors).Hunt(seed, answer, reader);
        return (status, errors.ToString().Trim());
    }

    private static Hunt Of(string name) =>
        Enumerable.Range(0, 2000).Select(seed => new Hunt(seed, trials.Value)).First(h => h.Quarry.Name == name);
}
