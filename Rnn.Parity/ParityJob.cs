using Rnn.Parity.Cases;
using Rnn.Parity.Documents;
using Rnn.Parity.Reporting;
using Rnn.Scratch;

namespace Rnn.Parity;

/// <summary>The main job: what is to be established, and its running.</summary>
public static class ParityJob
{
    /// <summary>Every check on the given devices, in the order of the report.</summary>
    public static IReadOnlyList<Check> Plan(IReadOnlyList<string> devices)
    {
        var parity =
            from c in DocumentCases.All
            from name in devices
            from implementation in RnnFactory.Implementations
            from order in Enum.GetValues<EvaluationOrder>()
            select ParityCheck.Of(implementation, order, c, TorchSharp.torch.device(name));
        IEnumerable<Check> documents = [.. PublishedChecks.All, .. DifferenceChecks.All];
        return [.. parity, .. documents.Where(check => devices.Contains(check.Device))];
    }

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
        ArgumentNullException.ThrowIfNull(checks);
        ArgumentNullException.ThrowIfNull(done);
        // Reduced precision is off in every comparison: TF32 would round the operands to 11 bits.
        TorchSharp.torch.backends.cuda.matmul.allow_tf32 = false;
        TorchSharp.torch.backends.cudnn.allow_tf32 = false;
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
