using System.Globalization;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Scratch;
using Rnn.Scratch.Backward;
using TorchSharp;
using static TorchSharp.torch;

namespace Rnn.Benchmarks;

/// <summary>How time and tensors grow with T, B and H, how time depends on threads, and what a product alone reaches. Markdown.</summary>
internal static class Growth
{
    public static void Print()
    {
        Console.WriteLine("| | forward | BackwardPass | comparison with nn.RNN | certification | tensors alive |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var T in (long[])[100, 1_000, 10_000, 100_000])
            Row(new(T, 1, 8, 16));
        foreach (var B in (long[])[1, 10, 100])
            Row(new(100, B, 8, 16));
        foreach (var H in (long[])[16, 64, 256])
            Row(new(100, 1, 8, H));
        Console.WriteLine();
        Console.WriteLine("| threads | nn.RNN | ParameterRnn | LinearRnn | StepLoopRnn | BackwardPass |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var threads in (int[])[1, 2, 16])
        {
            set_num_threads(threads);
            foreach (var size in Workload.All.TakeLast(2))
                Console.WriteLine($"| {threads}, {size} | {Ratios.Training(size)} |");
        }
        set_num_threads(1);
        Console.WriteLine();
        Product(Workload.All[^1]);
    }

    // microseconds a step, and how many tensors are alive after a forward pass with gradients
    private static void Row(Workload size)
    {
        using var scope = NewDisposeScope();
        var (x, h_0) = (randn(size.T, size.B, size.I), randn(1, size.B, size.H));
        var (rnn, theirs) = (new ParameterRnn(new(size.I, size.H)), RnnFactory.Rnn.Build(new(size.I, size.H)));
        theirs.load_state_dict(rnn.state_dict());
        var (grad, last) = (ones(size.T, size.B, size.H), zeros(1, size.B, size.H));
        var c = new RnnCase("growth", "", size.T, size.B, new(size.I, size.H));
        var tensors = new CaseTensors(rnn.state_dict(), x, h_0, grad, last);
        using var without = no_grad();
        var (output, h_n) = rnn.call(x, h_0);
        var (expected, _) = theirs.call(x, h_0);
        var run = new Dictionary<string, Tensor> { ["output"] = output, ["h_n"] = h_n };
        Action[] work =
        [
            () => rnn.call(x, h_0),
            () => BackwardPass.Of(rnn, x, h_0, grad, last),
            () =>
                Rnn.Parity.Parity.Compare(
                    "",
                    new Dictionary<string, Tensor> { ["output"] = output },
                    new Dictionary<string, Tensor> { ["output"] = expected }
                ),
            () => Certification.Of(c, tensors, run),
        ];
        var times = work.Select(w => Ratios.Median(Enumerable.Range(0, 5).Select(_ => Ratios.Time(w, 1))) / size.T);
        using var again = enable_grad();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        var kept = rnn.call(x, h_0);
        var alive = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount - before;
        GC.KeepAlive(kept);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"| {size} | ")
                + string.Join(" | ", times.Select(t => t.ToString("F1", CultureInfo.InvariantCulture)))
                + string.Create(CultureInfo.InvariantCulture, $" | {alive} |")
        );
    }

    // The products of a forward pass are 2 T B H (I + H) operations.
    private static void Product(Workload size)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        var (a, b) = (randn(size.T * size.B, size.I + size.H), randn(size.I + size.H, size.H));
        var (x, h_0) = (randn(size.T, size.B, size.I), randn(1, size.B, size.H));
        var rnn = RnnFactory.Rnn.Build(new(size.I, size.H));
        var operations = 2.0 * size.T * size.B * size.H * (size.I + size.H);
        var (product, forward) = (Rate(() => a.mm(b)), Rate(() => rnn.call(x, h_0)));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"One product of as many operations as {size} has reaches {product:F0} GFLOP/s on one thread; nn.RNN's inference reaches {100 * forward / product:F0} % of it."
            )
        );

        double Rate(Action action) =>
            operations / Ratios.Median(Enumerable.Range(0, 15).Select(_ => Ratios.Time(action, 1))) / 1000;
    }
}
