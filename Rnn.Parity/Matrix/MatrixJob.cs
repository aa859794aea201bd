using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Reporting;
using Rnn.Scratch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rnn.Parity.Matrix;

/// <summary>Runs the matrix: every case, each implementation in both orders, beside the reference of that order.</summary>
public static class MatrixJob
{
    /// <summary>Runs all cases of a seed on the given devices; counts each one that is done.</summary>
    public static MatrixRuns Run(int seed, IReadOnlyList<string> devices, Action done)
    {
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentNullException.ThrowIfNull(done);
        ParityJob.FullPrecision();
        var (results, rejected, leftOut) = (new List<MatrixResult>(), 0, new SortedDictionary<string, int>());
        foreach (var c in MatrixCase.All(seed))
        {
            rejected += c.Rejections;
            var dtype = c.Options.Dtype!.Value;
            if (!Dtypes.Computed.Contains(dtype))
                leftOut[dtype.ToString()] = leftOut.GetValueOrDefault(dtype.ToString()) + 1;
            foreach (var device in devices)
            {
                if (Dtypes.Computed.Contains(dtype))
                    results.AddRange(Run(c, torch.device(device)));
                done();
            }
        }
        return new MatrixRuns(results, rejected, leftOut);
    }

    /// <summary>The results as rows of the certificate.</summary>
    public static IEnumerable<Result> AsResults(IEnumerable<MatrixResult> results) =>
        results.Select(r => new Result(
            new Check(
                Section.Parity,
                r.Case.Document,
                r.Case.Id,
                r.Implementation,
                RnnFactory.ReferenceOf(r.Order).Name,
                r.Device,
                () => throw new InvalidOperationException("a row of the matrix has been run already")
            )
            {
                Claim = r.Claim,
            },
            new Finding(r.Evidence, $"{r.Case}: {r.Case.Reason}") { Elements = r.Elements }
        ));

    /// <summary>The results of one case: three implementations, two orders.</summary>
    public static IReadOnlyList<MatrixResult> Run(RnnCase c, Device device)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(device);
        using var scope = NewDisposeScope();
        // cuDNN has no gradient of a gradient.
        c = c with
        {
            SecondOrder = c.SecondOrder && device.type == DeviceType.CPU,
        };
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
            differing.Count == 0
                ? null
                : $"{finding.Explanation}\n  {ParityCheck.Began(implementation, RnnFactory.ReferenceOf(c.Options.Order), c, device)}",
            differing.Count > 0
                && ParityCheck.Claim(device.type, c.Options.Order) == Evidence.Certified
                && ParityCheck.Certified(c, tensors, finding, ("", actual), ("", expected)).Holds,
            finding.Elements
        );
    }
}
