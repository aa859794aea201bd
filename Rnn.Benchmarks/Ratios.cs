using System.Diagnostics;
using System.Globalization;
using Rnn.Parity.Cases;
using Rnn.Scratch;
using Rnn.Scratch.Backward;
using TorchSharp;
using static TorchSharp.torch;

namespace Rnn.Benchmarks;

/// <summary>
/// The medians of ratios to nn.RNN, each taken in turn with the others, so that a machine whose pace changes from second to second
/// gives the same ones. Prints a table in Markdown.
/// </summary>
internal static class Ratios
{
    private const int Rounds = 41;

    public static void Print()
    {
        Console.WriteLine($"| work | {Columns} |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var size in Workload.All)
            Console.WriteLine(
                $"| inference {size} | {Row(size, (rnn, x, h_0, _) => Infer(rnn, x, h_0), byHand: false)} | | |"
            );
        foreach (var size in Workload.All)
            Console.WriteLine($"| forward and backward {size} | {Training(size)} |");
    }

    /// <summary>The heads of what <see cref="Training"/> gives.</summary>
    public const string Columns = "nn.RNN | ParameterRnn | LinearRnn | StepLoopRnn | bare loop | BackwardPass";

    /// <summary>The time of nn.RNN forward and backward, and the ratios to it.</summary>
    public static string Training(Workload size) => Row(size, Train, byHand: true);

    private static string Row(
        Workload size,
        Action<nn.Module<Tensor, Tensor?, (Tensor, Tensor)>, Tensor, Tensor, Tensor> work,
        bool byHand
    )
    {
        using var scope = NewDisposeScope();
        var (x, h_0) = (randn(size.T, size.B, size.I), randn(1, size.B, size.H));
        var grad = ones(size.T, size.B, size.H);
        if (byHand)
            (x, h_0) = (x.requires_grad_(), h_0.requires_grad_());
        List<Action> all = [];
        foreach (var factory in RnnFactory.Implementations.Prepend(RnnFactory.Rnn))
        {
            var rnn = factory.Build(new(size.I, size.H));
            all.Add(() => work(rnn, x, h_0, grad));
        }
        if (byHand)
        {
            var bare = new BareLoop(size.I, size.H);
            all.Add(() => work(bare, x, h_0, grad));
            var (rnn, last) = (new ParameterRnn(new(size.I, size.H)), zeros(1, size.B, size.H));
            all.Add(() => BackwardPass.Of(rnn, x, h_0, grad, last));
        }
        var times = all.ConvertAll(_ => new List<double>());
        var calls = (int)Math.Clamp(20_000_000 / (size.T * (100_000 + size.B * size.H * (size.I + size.H))), 1, 20);
        all.ForEach(WarmUp);
        for (var round = 0; round < Rounds; round++)
        for (var i = 0; i < all.Count; i++)
            times[i].Add(Time(all[i], calls));
        var ratios = times.Skip(1).Select(t => Median(t.Zip(times[0], (mine, theirs) => mine / theirs)));
        return string.Create(CultureInfo.InvariantCulture, $"{Median(times[0]):F0} µs | ")
            + string.Join(" | ", ratios.Select(r => r.ToString("F2", CultureInfo.InvariantCulture)));
    }

    // .NET compiles a method again, in the background, when it has been called some thirty times.
    private static void WarmUp(Action action)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(1); )
            Time(action, 1);
    }

    /// <summary>Microseconds a call.</summary>
    public static double Time(Action action, int calls)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < calls; i++)
        {
            using var scope = NewDisposeScope();
            action();
        }
        return watch.Elapsed.TotalMicroseconds / calls;
    }

    private static void Infer(nn.Module<Tensor, Tensor?, (Tensor, Tensor)> rnn, Tensor x, Tensor h_0)
    {
        using var without = no_grad();
        rnn.call(x, h_0);
    }

    private static void Train(nn.Module<Tensor, Tensor?, (Tensor, Tensor)> rnn, Tensor x, Tensor h_0, Tensor grad)
    {
        var (output, _) = rnn.call(x, h_0);
        output.backward([grad]);
        rnn.zero_grad();
        (x.grad, h_0.grad) = (null, null);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
