using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Exact;
using Rnn.Parity.Jobs;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Exact;

/// <summary>Everyone who is claimed to have the oracle's bits where nothing rounds, in every case of that kind.</summary>
internal static class Everyone
{
    /// <summary>The main job's, and an RNN in three orders that no library takes.</summary>
    public static IReadOnlyList<ExactRunner> Runners { get; } =
    [
        .. ExactRunner.All,
        .. Enum.GetValues<AdditionOrder>()
            .Select(order =>
                ExactRunner.Autograd(
                    new($"{nameof(OrderedRnn)} {order}", o => new OrderedRnn(o, order)),
                    EvaluationOrder.PerStep
                )
            ),
    ];

    /// <summary>How many cases a seed gives.</summary>
    public const int Count = ExactCase.Count + WideCase.Count;

    /// <summary>The small cases of a seed, then the wide ones.</summary>
    public static IEnumerable<RnnCase> Cases(int seed) =>
        ParallelEnumerable.Range(0, Count).AsOrdered().Select(number => Of(seed, number));

    /// <summary>One of them.</summary>
    public static RnnCase Of(int seed, int number) =>
        number < ExactCase.Count ? ExactCase.Of(seed, number) : WideCase.Of(seed, number - ExactCase.Count).Case;

    /// <summary>What everyone makes of a case, beside the oracle.</summary>
    public static IReadOnlyList<Finding> Run(RnnCase c, Device device) => ExactJob.Run(c, Runners, device);
}
