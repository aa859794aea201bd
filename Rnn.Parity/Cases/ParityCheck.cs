using Rnn.Parity.Certified;
using Rnn.Parity.Comparison;
using Rnn.Parity.Divergences;
using Rnn.Parity.Exact;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Cases;

/// <summary>Runs an implementation beside its reference and compares every quantity.</summary>
public static class ParityCheck
{
    /// <summary>The check of one implementation, in one order of evaluation, against the reference of that order.</summary>
    public static Check Of(RnnFactory implementation, EvaluationOrder order, RnnCase c, Device device)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(device);
        var ordered = c with { Options = c.Options with { Order = order } };
        return Of(implementation, RnnFactory.ReferenceOf(order), ordered, device) with
        {
            Claim = Claim(device.type, order),
        };
    }

    /// <summary>The check of the two references against each other, which add in different orders.</summary>
    public static Check OfReferences(RnnCase c, Device device) => Of(RnnFactory.Rnn, RnnFactory.RnnCell, c, device);

    /// <summary>
    /// Identity, but on a GPU not to nn.RNN: there it is one fused cuDNN kernel, which adds in an order of its own.
    /// </summary>
    public static Evidence Claim(TorchSharp.DeviceType device, EvaluationOrder order) =>
        device == TorchSharp.DeviceType.CPU || order == EvaluationOrder.PerStep
            ? Evidence.Identical
            : Evidence.Certified;

    /// <summary>
    /// Compares output, h_n and every gradient of two RNNs on one case. Where bits differ, certifies both runs, and says
    /// where the difference began.
    /// </summary>
    public static Finding Run(RnnFactory subject, RnnFactory reference, RnnCase c, Device device)
    {
        ArgumentNullException.ThrowIfNull(c);
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        var actual = RnnRun.Of(subject, c, tensors, device);
        var expected = RnnRun.Of(reference, c, tensors, device);
        var finding = Compare($"{c}: {subject} differs from {reference} on {device}", actual, expected);
        if (finding.Evidence != Evidence.Differs)
            return finding;
        finding = Certified(c, tensors, finding, (subject.Name, actual), (reference.Name, expected));
        return finding with { Explanation = $"{finding.Explanation}\n  {Began(subject, reference, c, device)}" };
    }

    /// <summary>Where a difference began: in which layer, direction, step and unit, or after the forward pass.</summary>
    public static string Began(RnnFactory subject, RnnFactory reference, RnnCase c, Device device) =>
        Divergence.Explain(subject, reference, c, device)
        ?? "output and h_n are identical in every layer: the difference is in the gradients alone";

    /// <summary>What certification makes of two runs that differ: certified if both are.</summary>
    public static Finding Certified(
        RnnCase c,
        CaseTensors tensors,
        Finding difference,
        params (string engine, IReadOnlyDictionary<string, Tensor> run)[] runs
    )
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(difference);
        ArgumentNullException.ThrowIfNull(runs);
        var shaped = runs.All(r => r.run["output"].shape.SequenceEqual(c.OutputShape) || c.Lengths is not null);
        if (!shaped)
            return difference;
        return Certified(
            difference,
            runs.Select(r =>
                (r.engine, Certification.Of(c, tensors, r.run, null, false, TanhAccuracy.Absolute(r.engine)))
            )
        );
    }

    /// <summary>A difference, with what certification made of each run: certified if all are.</summary>
    public static Finding Certified(Finding difference, IEnumerable<(string engine, Finding finding)> certifications)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var findings = certifications.ToList();
        var faults = findings
            .Where(f => !f.finding.Holds)
            .Select(f =>
                $"\n  {f.engine} {(f.finding.Evidence == Evidence.Undecided ? "is undecided" : "is not certified")}: {f.finding.Explanation}"
            );
        return difference with
        {
            Evidence = findings.Min(f => f.finding.Evidence),
            Holds = findings.All(f => f.finding.Holds),
            BoundRatio = findings.Max(f => f.finding.BoundRatio),
            ProbableRatio = findings.Max(f => f.finding.ProbableRatio),
            WidestBound = findings.Max(f => f.finding.WidestBound),
            TanhError = findings.Max(f => f.finding.TanhError),
            Doubt = findings
                .Where(f => f.finding.Doubt is not null)
                .Select(f => $"{f.engine}: {f.finding.Doubt}")
                .FirstOrDefault(),
            Explanation = difference.Explanation + string.Concat(faults),
        };
    }

    private static Check Of(RnnFactory subject, RnnFactory reference, RnnCase c, Device device)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(device);
        return new Check(
            Section.Parity,
            c.Document,
            c.Id,
            subject.Name,
            reference.Name,
            device.ToString(),
            () => Run(subject, reference, c, device)
        );
    }

    /// <summary>Compares quantities by name; one that only one side has is a difference.</summary>
    public static Finding Compare(
        string title,
        IReadOnlyDictionary<string, Tensor> actual,
        IReadOnlyDictionary<string, Tensor> expected
    )
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(expected);
        var names = expected.Keys.Union(actual.Keys).ToList();
        var differences = names.Select(name => Difference(name, actual, expected)).OfType<TensorDifference>().ToList();
        return new Finding(differences.Count == 0 ? Evidence.Identical : Evidence.Differs, $"{names.Count} quantities")
        {
            Elements = expected.Values.Sum(t => t.numel()),
            Differing = differences.Sum(d => d.Count),
            WorstUlp = differences.Max(d => d.Worst?.Ulp),
            Explanation = differences.Count == 0 ? null : Explanation.Of(title, differences),
        };
    }

    private static TensorDifference? Difference(
        string name,
        IReadOnlyDictionary<string, Tensor> actual,
        IReadOnlyDictionary<string, Tensor> expected
    ) =>
        (actual.GetValueOrDefault(name), expected.GetValueOrDefault(name)) switch
        {
            ({ } a, { } e) => TensorComparison.Compare(name, a, e),
            (null, _) => new TensorDifference(name, "is missing", 0, 0, null, null),
            _ => new TensorDifference(name, "is not in the reference", 0, 0, null, null),
        };
}
