using Rnn.Parity.Comparison;

namespace Rnn.Parity.Tests.Training;

/// <summary>What two models came to that were trained side by side.</summary>
/// <param name="Losses">The subject's loss at each step, in nats a character, up to the first difference.</param>
/// <param name="FirstDifference">The first step, counted from 0, after which the two differ; null if none.</param>
/// <param name="Clipped">In how many steps the gradients were clipped.</param>
/// <param name="Finding">The evidence, and the explanation of the first difference.</param>
public sealed record TrainingResult(IReadOnlyList<double> Losses, int? FirstDifference, int Clipped, Finding Finding)
{
    /// <summary>
    /// Whether the last loss is below the entropy of the text's characters. Two models that do not learn prove nothing.
    /// </summary>
    public bool Learned => Losses.Count > 0 && Losses[^1] < TrainingText.EntropyOf(TrainingText.Text);
}
