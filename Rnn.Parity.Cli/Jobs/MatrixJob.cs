using TorchSharp;

namespace Rnn.Parity.Jobs;

/// <summary>What one implementation in one order of evaluation made of one case of the matrix.</summary>
/// <param name="Case">The case, in that order.</param>
/// <param name="Result">What was established.</param>
internal sealed record MatrixResult(RnnCase Case, Result Result)
{
    /// <summary>Whether every quantity is identical.</summary>
    public bool Identical => Result.Finding.Evidence == Evidence.Identical;
}

/// <summary>A run of the matrix.</summary>
/// <param name="Cases">The cases; those in a type that libtorch does not compute in here have no result.</param>
/// <param name="Results">What was established.</param>
internal sealed record MatrixRuns(IReadOnlyList<RnnCase> Cases, IReadOnlyList<MatrixResult> Results);

/// <summary>Runs the matrix: every case, each implementation in both orders, beside the reference of that order.</summary>
internal static class MatrixJob
{
    /// <summary>Runs all cases of a seed on the given devices; counts each one that is done.</summary>
    public static MatrixRuns Run(int seed, IReadOnlyList<string> devices, Shard shard, Action done)
    {
        using var precision = new FullPrecision();
        var (cases, results) = (new List<RnnCase>(), new List<MatrixResult>());
        foreach (var number in Enumerable.Range(0, MatrixCase.Count).Where(shard.Has))
        {
            var c = MatrixCase.Of(seed, number);
            cases.Add(c);
            foreach (var device in devices)
            {
                if (Dtypes.Computed.Contains(c.Dtype))
                    results.AddRange(Run(c, torch.device(device)));
                done();
            }
        }
        return new MatrixRuns(cases, results);
    }

    /// <summary>The results of one case: three implementations, two orders.</summary>
    public static IReadOnlyList<MatrixResult> Run(RnnCase c, Device device)
    {
        using var scope = NewDisposeScope();
        c = c.On(device);
        var tensors = c.Draw();
        var results = new List<MatrixResult>();
        foreach (var order in Enum.GetValues<EvaluationOrder>())
        {
            var (ordered, reference) = (c.In(order), RnnFactory.ReferenceOf(order));
            var expected = RnnRun.Of(reference, ordered, tensors, device);
            results.AddRange(
                from mine in RnnFactory.Implementations
                let finding = Parity.Of(mine, reference, ordered, tensors, expected, device)
                let detail = $"{c}: {c.Reason}"
                select new MatrixResult(
                    ordered,
                    new(Parity.Check(mine, order, c, device), finding with { Detail = detail })
                )
            );
        }
        return results;
    }
}
