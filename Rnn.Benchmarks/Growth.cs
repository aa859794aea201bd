using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
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
    private static readonly string[] columns = ["forward", "BackwardPass", "comparison with nn.RNN", "certification"];

    /// <summary>Prints the tables, and draws how the time of a step grows with T.</summary>
    /// <param name="picture">The SVG file.</param>
    public static void Print(string picture)
    {
        Console.WriteLine($"| | {string.Join(" | ", columns)} | tensors alive |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Row(new(1_000, 1, 8, 16), print: false); // .NET compiles
        Draw(picture, [.. ((long[])[100, 1_000, 10_000, 100_000]).Select(T => (T, Row(new(T, 1, 8, 16))))]);
        foreach (var B in (long[])[1, 10, 100])
            Row(new(100, B, 8, 16));
        foreach (var H in (long[])[16, 64, 256])
            Row(new(100, 1, 8, H));
        Console.WriteLine();
        Console.WriteLine($"| threads | {Ratios.Columns} |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
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
    private static double[] Row(Workload size, bool print = true)
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
        double[] times =
        [
            .. work.Select(w => Ratios.Median(Enumerable.Range(0, 5).Select(_ => Ratios.Time(w, 1))) / size.T),
        ];
        using var again = enable_grad();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        var kept = rnn.call(x, h_0);
        var alive = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount - before;
        GC.KeepAlive(kept);
        if (print)
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {size} | ")
                    + string.Join(" | ", times.Select(t => t.ToString("F1", CultureInfo.InvariantCulture)))
                    + string.Create(CultureInfo.InvariantCulture, $" | {alive} |")
            );
        return times;
    }

    private static void Draw(string file, (long T, double[] times)[] rows)
    {
        var plot = new PlotModel { Title = "Microseconds a step, B 1, I 8, H 16" };
        plot.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = "T" });
        plot.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Left });
        plot.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside });
        foreach (var (i, column) in columns.Index())
        {
            var line = new LineSeries { Title = column, MarkerType = (MarkerType)(i + 1) };
            line.Points.AddRange(rows.Select(row => new DataPoint(row.T, row.times[i])));
            plot.Series.Add(line);
        }
        File.WriteAllText(file, new SvgExporter { Width = 760, Height = 320 }.ExportToString(plot));
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
        List<(double product, double forward)> times =
        [
            .. Enumerable
                .Range(0, 15)
                .Select(_ => (Ratios.Time(() => a.mm(b), 1), Ratios.Time(() => rnn.call(x, h_0), 1))),
        ];
        var rate = operations / Ratios.Median(times.Select(t => t.product)) / 1000;
        var part = 100 * Ratios.Median(times.Select(t => t.product / t.forward));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"One product of as many operations as {size} has reaches {rate:F0} GFLOP/s on one thread; nn.RNN's inference, in turn with it, reaches {part:F0} % of that."
            )
        );
    }
}
