using System.Globalization;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Training;

/// <summary>Trains two models side by side and compares them after every step.</summary>
public static class TrainingCheck
{
    /// <summary>Starts both from the reference's state dict and trains until they differ, or to the end.</summary>
    /// <param name="subject">The RNN in one model.</param>
    /// <param name="reference">The RNN in the other.</param>
    /// <param name="order">The order of evaluation in which the subject is that of the reference.</param>
    /// <param name="steps">How many steps to take.</param>
    public static TrainingResult Run(RnnFactory subject, RnnFactory reference, EvaluationOrder order, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        using var scope = NewDisposeScope();
        using var actual = new TrainingRun(subject, order);
        using var expected = new TrainingRun(reference, order);
        actual.Model.load_state_dict(expected.Model.state_dict());

        var losses = new List<double>();
        long elements = 0;
        for (var step = 0; ; step++)
        {
            using var inner = NewDisposeScope();
            var (a, e) = (actual.Step(), expected.Step());
            losses.Add(a["loss"].item<float>());
            var finding = Parity.Compare($"training step {step}: {subject} differs from {reference}", a, e);
            elements += finding.Elements;
            var differs = finding.Evidence == Evidence.Differs;
            if (differs || step == steps - 1)
                return new(
                    losses,
                    differs ? step : null,
                    actual.Clipped,
                    finding with
                    {
                        Detail = Detail(losses, e.Count),
                        Elements = elements,
                    }
                );
        }
    }

    private static string Detail(List<double> losses, int quantities) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{losses.Count} training steps of {quantities} quantities, loss {losses[0]:F3} to {losses[^1]:F3}"
        );
}
