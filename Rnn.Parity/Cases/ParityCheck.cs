using Rnn.Parity.Comparison;
using Rnn.Parity.Divergences;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Cases;

/// <summary>Runs an implementation beside its reference and compares every quantity.</summary>
public static class ParityCheck
{
    /// <summary>The check of one implementation, in one order of evaluation, against the reference of that order.</summary>
    public static Check Of(RnnFactory implementation, EvaluationOrder order, RnnCase c, Device device)
    {
        ArgumentNullException.ThrowIfNull(implementation);
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(device);
        var reference = RnnFactory.ReferenceOf(order);
        var ordered = c with { Options = c.Options with { Order = order } };
        return new Check(
            Section.Parity,
            c.Document,
            c.Id,
            implementation.Name,
            reference.Name,
            device.ToString(),
            () => Run(implementation, reference, ordered, device)
        )
        {
            Claimed = Claims(device.type, order),
        };
    }

    /// <summary>Whether identity is claimed. On a GPU nn.RNN is one fused cuDNN kernel, which adds in an order of its own.</summary>
    public static bool Claims(TorchSharp.DeviceType device, EvaluationOrder order) =>
        device == TorchSharp.DeviceType.CPU || order == EvaluationOrder.PerStep;

    /// <summary>Compares output, h_n and every gradient of two RNNs on one case, and says where a difference began.</summary>
    public static Finding Run(RnnFactory subject, RnnFactory reference, RnnCase c, Device device)
    {
        ArgumentNullException.ThrowIfNull(c);
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        var actual = RnnRun.Of(subject, c, tensors, device);
        var expected = RnnRun.Of(reference, c, tensors, device);
        var finding = Compare($"{c}: {subject} differs from {reference} on {device}", actual, expected);
        return finding.Evidence == Evidence.Differs && c.Lengths is null
            ? finding with
            {
                Explanation = $"{finding.Explanation}\n  {Divergence.Explain(subject, reference, c, device)}".TrimEnd(),
            }
            : finding;
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
