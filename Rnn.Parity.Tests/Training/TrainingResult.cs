using System.Globalization;
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

    /// <summary>The loss curve, at most nine of its points, as in: loss 3.9 at step 0, 2.4 at step 25, …</summary>
    public string Curve()
    {
        var stride = Math.Max(1, (Losses.Count + 7) / 8);
        var shown = Enumerable.Range(0, Losses.Count).Where(i => i % stride == 0 || i == Losses.Count - 1);
        return "loss "
            + string.Join(
                ", ",
                shown.Select(i => string.Create(CultureInfo.InvariantCulture, $"{Losses[i]:F3} at step {i}"))
            );
    }
}
