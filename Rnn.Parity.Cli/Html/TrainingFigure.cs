using System.Globalization;
using OxyPlot;

namespace Rnn.Parity.Html;

/// <summary>The losses of an RNN and of nn.RNN, trained side by side from the same weights: 40 steps of SGD on one batch.</summary>
internal static class TrainingFigure
{
    private const int Steps = 40;

    /// <summary>T 8, B 4, I 3, H 5; the loss is the mean squared difference of output and a target.</summary>
    public static Figure Of(RnnFactory mine)
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("training", "drawn once", 8, 4, new(3, 5));
        var tensors = c.Draw();
        var (ours, theirs) = (Losses(mine, c, tensors), Losses(RnnFactory.Rnn, c, tensors));
        var same = ours.Zip(theirs).Count(pair => pair.First == pair.Second);
        return new(
            $"The loss in {Steps} steps of SGD, one batch (T 8, B 4, I 3, H 5), from the same weights. Line with dots: {mine}; open marks: nn.RNN. Identical in {same} of {Steps} steps.",
            Charts.OverSteps(
                "loss",
                [
                    new(mine.Name, 1, LineStyle.Solid, MarkerType.Circle, Points(ours)),
                    new("nn.RNN", 2, LineStyle.None, MarkerType.Circle, Points(theirs), Open: true),
                ],
                logarithmic: true
            ),
            ["step", mine.Name, "nn.RNN"],
            [
                .. ours.Zip(theirs, (a, b) => (a, b))
                    .Select((pair, step) => (string[])[Text(step), Text(pair.a), Text(pair.b)]),
            ]
        );
    }

    private static List<float> Losses(RnnFactory factory, RnnCase c, CaseTensors tensors)
    {
        using var built = new BuiltRnn(factory, c, tensors, CPU);
        var rnn = built.Module;
        var losses = new List<float>();
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var loss = nn.functional.mse_loss(rnn.call(tensors.Input, tensors.H_0).Item1, tensors.GradOutput.tanh());
            loss.backward();
            Step([.. rnn.parameters()]);
            losses.Add(loss.item<float>());
        }
        return losses;
    }

    // w − 0.5 ∂loss/∂w
    private static void Step(IReadOnlyList<TorchSharp.Modules.Parameter> weights)
    {
        using var without = no_grad();
        foreach (var w in weights)
        {
            w.sub_(w.grad!.Times(0.5));
            w.grad = null;
        }
    }

    private static IEnumerable<(int, double)> Points(IEnumerable<float> losses) =>
        losses.Select((loss, step) => (step, (double)loss));

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
