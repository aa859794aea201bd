using System.Globalization;
using Rnn.Parity.Cases;
using TorchSharp;
using static TorchSharp.torch;

namespace Rnn.Benchmarks;

/// <summary>Where the time of <c>--all</c> goes: the mean over a sample of the matrix, on one thread.</summary>
internal static class MatrixTime
{
    private const int Every = 16;

    /// <summary>Prints a sentence.</summary>
    public static void Print()
    {
        var cases = MatrixCase.Sample(1, Every).Where(c => Dtypes.Computed.Contains(c.Dtype)).ToList();
        Measure(cases); // .NET compiles
        var (draw, forward, first, all) = Measure(cases);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Of a case {draw:F1} ms are its drawing and the gate. Each of its eight runs takes {all:F1} ms: {forward:F1} the two calls, the weights and the comparison with what was given, {first - forward:F1} the gradients, {all - first:F1} the gradients of gradients, where they are asked."
            )
        );
    }

    // Milliseconds a case: to draw it, and to run nn.RNN forward, with gradients, and with theirs.
    private static (double draw, double forward, double first, double all) Measure(List<RnnCase> cases)
    {
        var times = new double[4];
        foreach (var c in cases)
        {
            using var scope = NewDisposeScope();
            var tensors = c.Draw();
            Action[] work =
            [
                () => MatrixCase.Find(c.Id),
                .. new[] { c with { ForwardOnly = true }, c with { SecondOrder = false }, c }.Select(part =>
                    (Action)(() => RnnRun.Of(RnnFactory.Rnn, part, tensors, CPU))
                ),
            ];
            for (var i = 0; i < times.Length; i++)
                times[i] += Ratios.Time(work[i], 1) / 1000 / cases.Count;
        }
        return (times[0], times[1], times[2], times[3]);
    }
}
