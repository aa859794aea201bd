using System.Diagnostics;
using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Tests.Mutants;
using Rnn.Scratch;
using Shouldly;

namespace Rnn.Parity.Tests.Training;

/// <summary>Trained side by side on a text, an implementation and its reference stay the same model to the last bit.</summary>
/// <remarks>Not in parallel: the optimizer's Scalars may be collected while libtorch reads them.</remarks>
[NonParallelizable]
public sealed class TrainingTests
{
    private const int Steps = 200;

    [TestCaseSource(nameof(Runs))]
    public void Two_hundred_steps_of_training_are_identical_and_the_model_learns(
        (RnnFactory subject, EvaluationOrder order) run
    )
    {
        var (subject, order) = run;
        var clock = Stopwatch.StartNew();
        var result = TrainingCheck.Run(subject, RnnFactory.ReferenceOf(order), order, Steps);
        TestContext.Out.WriteLine($"{result.Finding.Detail}; {clock.ElapsedMilliseconds} ms");

        result.Finding.Evidence.ShouldBe(Evidence.Identical, result.Finding.Explanation);
        result.FirstDifference.ShouldBeNull();
        result.Losses.Count.ShouldBe(Steps);
        // Every step compares the loss, h_n, and the gradient and the value of 7 weights.
        result.Finding.Detail.ShouldStartWith("200 training steps of 16 quantities");

        var text = TrainingText.Text;
        var entropy = TrainingText.EntropyOf(text);
        var afterOneCharacter = TrainingText.EntropyOf(text.Zip(text[1..])) - entropy;
        var lastPass = result.Losses.TakeLast(TrainingRun.StepsOfOnePass).Average();
        TestContext.Out.WriteLine(
            $"the text's entropy is {entropy:F3}, after one character {afterOneCharacter:F3}; the mean loss of the last pass"
                + $" {lastPass:F3}; clipped in {result.Clipped} steps"
        );
        result.Losses[0].ShouldBeGreaterThan(entropy);
        result.Learned.ShouldBeTrue();
        lastPass.ShouldBeLessThan(afterOneCharacter, "an RNN that does not recur would come as far");
        result.Clipped.ShouldBeInRange(1, Steps - 1, "clipping that always or never acts is half tested");
    }

    [Test]
    public void One_flipped_bit_is_found_at_its_step([Values(0, 5)] int step)
    {
        var calls = 0;
        // the last bit of one recurrent weight
        var subject = Planted(
            "flipped",
            new(s =>
            {
                if (s.I == 0 && calls++ == step)
                    s.W.W_hh.bytes[4] ^= 1;
                return s.Right();
            })
        );
        var result = TrainingCheck.Run(subject, RnnFactory.RnnCell, EvaluationOrder.PerStep, 10);
        result.FirstDifference.ShouldBe(step);
        result.Losses.Count.ShouldBe(step + 1);
        result.Finding.Holds.ShouldBeFalse();
        result.Finding.Explanation.ShouldNotBeNull();
        result.Finding.Explanation.ShouldStartWith($"training step {step}: flipped differs from nn.RNNCell\n");
        result.Finding.Explanation.ShouldContain("\n  rnn.weight_hh_l0 differs in ");
    }

    [Test]
    public void A_state_that_is_not_carried_is_found_at_the_second_chunk()
    {
        var subject = Planted("forgetful", new() { Initial = (_, _) => null });
        var result = TrainingCheck.Run(subject, RnnFactory.RnnCell, EvaluationOrder.PerStep, 10);
        result.FirstDifference.ShouldBe(1);
        result.Finding.Explanation.ShouldNotBeNull();
        result.Finding.Explanation.ShouldStartWith(
            "training step 1: forgetful differs from nn.RNNCell\n  loss differs in 1 of 1"
        );
    }

    [Test]
    public void One_step_is_too_few_to_learn() =>
        TrainingCheck
            .Run(RnnFactory.Implementations[0], RnnFactory.Rnn, EvaluationOrder.WholeSequence, 1)
            .Learned.ShouldBeFalse();

    [Test]
    public void The_text_is_plain_and_its_entropy_is_that_of_its_characters()
    {
        TrainingText.Text.Length.ShouldBeInRange(2048, 6144);
        TrainingText.Text.ShouldAllBe(character => character == '\n' || (character >= ' ' && character <= '~'));
        TrainingText.Numbers.Select(n => TrainingText.Alphabet[(int)n]).ShouldBe(TrainingText.Text);
        TrainingText.EntropyOf("aaaa").ShouldBe(0);
        // Two halves: ½ ln 2 + ½ ln 2.
        TrainingText.EntropyOf("abab").ShouldBe(Math.Log(2));
    }

    private static RnnFactory Planted(string name, Plant plant) => new(name, o => new PlantedRnn(o, plant));

    private static IEnumerable<TestCaseData> Runs =>
        Extent.Sample(
            from subject in RnnFactory.Implementations
            from order in Enum.GetValues<EvaluationOrder>()
            select (subject, order),
            every: 6,
            "trainings side by side"
        );
}
