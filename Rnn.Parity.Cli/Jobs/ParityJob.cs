using Rnn.Parity.Diagnosis;
using Rnn.Parity.Exact;
using Rnn.Parity.Folders;

namespace Rnn.Parity.Jobs;

internal static class ParityJob
{
    // The main job runs every seventh of the exact cases, the tests run all: prime to the numbers of options, which the
    // cases count through.
    private const int ExactStep = 7;

    public static IReadOnlyList<Check> Plan(IReadOnlyList<string> devices) =>
        [
            .. DocumentCases.All.SelectMany(c => Plan(c, devices)),
            .. ExactJob.Checks("exact", ExactCase.Sample(1, ExactStep), devices),
        ];

    /// <summary>The checks of one case on each device: of the implementations, and of the references beside each other.</summary>
    public static IReadOnlyList<Check> Plan(RnnCase c, IReadOnlyList<string> devices) =>
        [
            .. from name in devices
            let target = device(name)
            let fitted = c.FittedTo(target)
            from check in Implementations(fitted, target)
                // in two orders of addition, and gradients of gradients have no bound
                .Append(Check(RnnFactory.Rnn, RnnFactory.RnnCell, fitted with { SecondOrder = false }, target))
            select check,
        ];

    /// <summary>Each implementation in each order of evaluation beside the reference of that order, which is run once.</summary>
    public static IEnumerable<Check> Implementations(RnnCase c, Device device) =>
        from order in Enum.GetValues<EvaluationOrder>()
        let ordered = c.In(order)
        let reference = RnnFactory.ReferenceOf(order)
        let findings = new Lazy<IReadOnlyList<Finding>>(() =>
            Parity.Of(RnnFactory.Implementations, reference, ordered, device)
        )
        from mine in RnnFactory.Implementations.Index()
        select Check(mine.Item, reference, ordered, device) with
        {
            Run = () => findings.Value[mine.Index],
            Claim = Claim(device.type, order),
        };

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

    /// <summary>The checks of one case, or of one text: part of a case's id, of a name, of a document or of a section.</summary>
    public static IReadOnlyList<Check> Select(IReadOnlyList<Check> checks, string? id, string? filter) =>
        checks
            .Where(check =>
                (id is null || check.Case == id)
                && (filter is null || Names(check).Any(n => n.Contains(filter, StringComparison.OrdinalIgnoreCase)))
            )
            .ToList();

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
