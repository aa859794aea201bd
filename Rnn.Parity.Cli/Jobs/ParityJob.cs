using Rnn.Parity.Diagnosis;
using Rnn.Parity.Exact;
using Rnn.Parity.Folders;

namespace Rnn.Parity.Jobs;

/// <summary>The main job: what is to be established, and its running.</summary>
internal static class ParityJob
{
    // The main job runs every seventh of the exact cases, the tests run all: prime to the numbers of options, which the
    // cases count through.
    private const int ExactStep = 7;

    /// <summary>Every check on the given devices, in the order of the report.</summary>
    public static IReadOnlyList<Check> Plan(IReadOnlyList<string> devices) =>
        [
            .. DocumentCases.All.SelectMany(c => Plan(c, devices)),
            .. ExactJob.Checks("exact", ExactCase.Sample(1, ExactStep), devices),
        ];

    /// <summary>The checks of one case: each implementation in each order, and the references beside each other, on each device.</summary>
    public static IReadOnlyList<Check> Plan(RnnCase c, IReadOnlyList<string> devices) =>
        [.. devices.SelectMany(name => Plan(c.FittedTo(device(name)), device(name)))];

    private static IEnumerable<Check> Plan(RnnCase c, Device device) =>
        [
            .. from implementation in RnnFactory.Implementations
            from order in Enum.GetValues<EvaluationOrder>()
            select Check(implementation, order, c, device),
            // in two orders of addition, and gradients of gradients have no bound
            Check(RnnFactory.Rnn, RnnFactory.RnnCell, c with { SecondOrder = false }, device),
        ];

    /// <summary>The check of one implementation, in one order of evaluation, against the reference of that order.</summary>
    public static Check Check(RnnFactory mine, EvaluationOrder order, RnnCase c, Device device) =>
        Check(mine, RnnFactory.ReferenceOf(order), c.In(order), device) with
        {
            Claim = Claim(device.type, order),
        };

    /// <summary>The check of one RNN against another.</summary>
    public static Check Check(RnnFactory mine, RnnFactory reference, RnnCase c, Device device) =>
        new(
            Section.Parity,
            c.Document,
            c.Id,
            mine.Name,
            reference.Name,
            device.ToString(),
            () => Parity.Of(mine, reference, c, device)
        )
        {
            Sides = () => Sides.Of(mine, reference, c, device),
        };

    /// <summary>
    /// Identity, but on a GPU not to nn.RNN: there it is cuDNN's fused kernel, which has an order of addition and a tanh of its
    /// own.
    /// </summary>
    public static Evidence Claim(TorchSharp.DeviceType device, EvaluationOrder order) =>
        device == TorchSharp.DeviceType.CPU || order == EvaluationOrder.PerStep
            ? Evidence.Identical
            : Evidence.Certified;

    /// <summary>The checks of one case, or of one text: part of a case's id or of an implementation's or reference's name, or a document.</summary>
    public static IReadOnlyList<Check> Select(IReadOnlyList<Check> checks, string? id, string? filter) =>
        checks
            .Where(check => id is null || check.Case == id)
            .Where(check =>
                filter is null || Names(check).Any(n => n.Contains(filter, StringComparison.OrdinalIgnoreCase))
            )
            .ToList();

    /// <summary>Runs the checks one after the other; counts each one that is done.</summary>
    public static IReadOnlyList<Result> Run(IReadOnlyList<Check> checks, Action done)
    {
        using var precision = new FullPrecision();
        return checks
            .Select(check =>
            {
                var result = new Result(check, check.Run());
                done();
                return result;
            })
            .ToList();
    }

    private static string[] Names(Check check) =>
        [check.Document, check.Case, check.Subject, check.Reference, check.Section.ToString()];
}
