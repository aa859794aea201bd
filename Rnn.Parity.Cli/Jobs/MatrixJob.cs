using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using TorchSharp;

namespace Rnn.Parity.Jobs;

/// <summary>What one implementation in one order of evaluation made of one case of the matrix.</summary>
internal sealed record MatrixResult(RnnCase Case, Result Result);

/// <summary>A run of the matrix.</summary>
internal sealed record MatrixRuns(IReadOnlyList<RnnCase> Cases, IReadOnlyList<MatrixResult> Results);

/// <summary>Runs the matrix: every case, each implementation in both orders, beside the reference of that order.</summary>
internal static class MatrixJob
{
    /// <summary>Runs the cases of a seed on the given devices, as many at once as there are processors; counts each one that is done.</summary>
    public static MatrixRuns Run(int seed, IEnumerable<int> numbers, IReadOnlyList<string> devices, Action done)
    {
        using var precision = new FullPrecision();
        try
        {
            var runs = Partitioner
                .Create(numbers, EnumerablePartitionerOptions.NoBuffering)
                .AsParallel()
                .AsOrdered()
                .WithDegreeOfParallelism(devices is ["cpu"] ? Math.Min(Environment.ProcessorCount, 512) : 1)
                .Select(number => MatrixCase.Of(seed, number))
                .Select(c =>
                    (c, results: devices.SelectMany(device => Counted(c, torch.device(device), done)).ToList())
                )
                .ToList();
            return new MatrixRuns([.. runs.Select(run => run.c)], [.. runs.SelectMany(run => run.results)]);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            throw;
        }
    }

    private static IReadOnlyList<MatrixResult> Counted(RnnCase c, Device device, Action done)
    {
        var results = Dtypes.Computed.Contains(c.Dtype) ? Run(c, device) : [];
        done();
        return results;
    }

    public static IReadOnlyList<MatrixResult> Run(RnnCase c, Device device)
    {
        c = c.FittedTo(device);
        return
        [
            .. from check in ParityJob.Implementations(c, device)
            select new MatrixResult(c, new(check, check.Run() with { Detail = $"{c}: {c.Reason}" })),
        ];
    }
}
