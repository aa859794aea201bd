using Rnn.Parity.Diagnosis;
using Rnn.Parity.Exact;
using Quantities = System.Collections.Generic.IReadOnlyDictionary<string, TorchSharp.torch.Tensor>;

namespace Rnn.Parity;

/// <summary>Runs an RNN beside a reference, and says in what sense the two are the same.</summary>
public static partial class Parity
{
    /// <summary>Compares output, h_n and every gradient of two RNNs on one case.</summary>
    /// <param name="mine">The RNN in question.</param>
    /// <param name="reference">What it is compared with: <see cref="RnnFactory.Rnn"/> or <see cref="RnnFactory.RnnCell"/>.</param>
    /// <param name="c">The case.</param>
    /// <param name="device">Where both run; the CPU if null.</param>
    /// <exception cref="ArgumentException">The case drops numbers on a GPU.</exception>
    /// <returns>
    /// Identical, or, where bits differ, what certification makes of both runs and where the difference began. An RNN that
    /// throws or does not return what nn.RNN returns differs, in one sentence. Gradients of gradients have no
    /// bound: where one of them is not identical, it is undecided at best.
    /// </returns>
    public static Finding Of(RnnFactory mine, RnnFactory reference, RnnCase c, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(mine);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(c);
        if (device?.type == TorchSharp.DeviceType.CUDA && c.Drops)
            throw new ArgumentException($"c: {DropsOnGpu(c.Options)}");
        CheckDefaults();
        using var precision = new FullPrecision();
        return Of([mine], reference, mine.Own.Fit(c), device ?? CPU)[0];
    }

    /// <summary>The same of several RNNs; the reference runs once.</summary>
    internal static IReadOnlyList<Finding> Of(
        IReadOnlyList<RnnFactory> all,
        RnnFactory reference,
        RnnCase c,
        Device device
    )
    {
        using var normal = inference_mode(false);
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        try
        {
            var expected = new LiveRun(reference, c, tensors, device);
            _ = expected.Quantities;
            return [.. all.Select(mine => new SideBySide(new(mine, c, tensors, device), expected).Judged())];
        }
        catch (RunException e)
        {
            return [.. all.Select(_ => NotCompared(c, e) with { Evidence = Evidence.Undecided })];
        }
    }

    /// <summary>Refuses a default device on which what a case draws cannot be made.</summary>
    internal static void CheckDefaults()
    {
        if (get_default_device() is { type: not TorchSharp.DeviceType.CPU } device)
            throw new InvalidOperationException(
                $"torch's default device is {device}, cpu is expected; where the RNN is to run is said by the device of the options"
            );
    }

    internal static string DropsOnGpu(RnnOptions options) =>
        $"the dropout is {options.Dropout}; on a GPU nn.RNN draws masks of its own, and 0 is expected";

    internal static Finding NotCompared(RnnCase c, RunException e) =>
        new(e.Evidence, "not compared") { Explanation = $"{c}\n  {e.Message}" };

    /// <summary>Compares quantities by name; one that only one side has is a difference.</summary>
    public static Finding Compare(string title, Quantities actual, Quantities expected)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(expected);
        var names = expected.Keys.Union(actual.Keys).ToList();
        var differences = names.Select(name => Difference(name, actual, expected)).OfType<TensorDifference>().ToList();
        return new Finding(differences.Count == 0 ? Evidence.Identical : Evidence.Differs, $"{names.Count} quantities")
        {
            Quantities = names,
            DifferingQuantities = differences.ConvertAll(d => d.Quantity),
            Elements = expected.Values.Sum(t => t.numel()),
            Differing = differences.Sum(d => d.Count),
            WorstUlp = differences.Max(d => d.Worst?.Ulp),
            Explanation = differences.Count == 0 ? null : title + string.Concat(differences.Select(d => $"\n  {d}")),
        };
    }

    /// <summary>The same where nothing rounds: exact, if all are the same but for the sign of a zero, which is that of the order of its sum.</summary>
    internal static Finding CompareExactly(string title, Quantities actual, Quantities exact)
    {
        var finding = Compare(title, IntegerOracle.PlusZero(actual), IntegerOracle.PlusZero(exact));
        return finding.Evidence == Evidence.Identical ? finding with { Evidence = Evidence.Exact } : finding;
    }

    /// <summary>A difference, with what certification made of each run: certified if all are.</summary>
    public static Finding Certified(Finding difference, IReadOnlyList<(string engine, Finding finding)> runs)
    {
        ArgumentNullException.ThrowIfNull(difference);
        ArgumentNullException.ThrowIfNull(runs);
        var faults = runs.Where(r => !r.finding.Holds)
            .Select(r =>
                $"\n  {r.engine} {(r.finding.Evidence == Evidence.Undecided ? "is undecided" : "is not certified")}: {r.finding.Explanation}"
            );
        return difference.WithGreatest([.. runs.Select(r => r.finding)]) with
        {
            Evidence = runs.Min(r => r.finding.Evidence),
            Doubt = runs.Where(r => r.finding.Doubt is not null)
                .Select(r => $"{r.engine}: {r.finding.Doubt}")
                .FirstOrDefault(),
            Explanation = difference.Explanation + string.Concat(faults),
        };
    }

    private static TensorDifference? Difference(string name, Quantities actual, Quantities expected) =>
        (actual.GetValueOrDefault(name), expected.GetValueOrDefault(name)) switch
        {
            ({ } a, { } e) => TensorComparison.Compare(name, a, e),
            (null, _) => new TensorDifference(name, "is missing", 0, 0, null),
            _ => new TensorDifference(name, "is not in the reference", 0, 0, null),
        };
}
