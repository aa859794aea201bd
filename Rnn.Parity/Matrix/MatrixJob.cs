using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Matrix;

/// <summary>Runs the matrix: every case, each implementation in both orders, beside the reference of that order.</summary>
public static class MatrixJob
{
    /// <summary>The types of the matrix that libtorch does not compute an RNN in here; their cases are left out.</summary>
    public static IReadOnlyList<ScalarType> LeftOut(IEnumerable<RnnCase> cases) =>
        [.. cases.Select(c => c.Options.Dtype!.Value).Distinct().Except(Dtypes.Computed)];

    /// <summary>The results of one case: three implementations, two orders.</summary>
    public static IReadOnlyList<MatrixResult> Run(RnnCase c, Device device)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(device);
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        var results = new List<MatrixResult>();
        foreach (var order in Enum.GetValues<EvaluationOrder>())
        {
            var ordered = c with { Options = c.Options with { Order = order } };
            var expected = RnnRun.Of(RnnFactory.ReferenceOf(order), ordered, tensors, device);
            foreach (var implementation in RnnFactory.Implementations)
                results.Add(Compare(implementation, ordered, expected, tensors, device));
        }
        return results;
    }

    private static MatrixResult Compare(
        RnnFactory implementation,
        RnnCase c,
        IReadOnlyDictionary<string, Tensor> expected,
        CaseTensors tensors,
        Device device
    )
    {
        var actual = RnnRun.Of(implementation, c, tensors, device);
        var title = $"{c}: {implementation} differs from {RnnFactory.ReferenceOf(c.Options.Order)} on {device}";
        var finding = ParityCheck.Compare(title, actual, expected);
        var differing = expected
            .Keys.Union(actual.Keys)
            .Where(name =>
                !actual.ContainsKey(name)
                || !expected.ContainsKey(name)
                || TensorComparison.Compare(name, actual[name], expected[name]) is not null
            )
            .ToList();
        return new MatrixResult(
            c,
            implementation.Name,
            c.Options.Order,
            device.ToString(),
            [.. expected.Keys],
            differing,
            finding.Explanation
        );
    }
}
