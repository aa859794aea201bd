using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using Rnn.Parity.Reporting;
using Rnn.Parity.Tests.Exact;
using Rnn.Parity.Tests.Folders;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Fuzzing;

/// <summary>A folder that verifies, and what becomes of it when its bytes are changed.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="CaseCsv">What case.csv holds.</param>
/// <param name="TensorsCsv">What tensors.csv holds.</param>
/// <param name="Verdict">The evidence of each of its results.</param>
internal sealed record FuzzBase(string Folder, byte[] CaseCsv, byte[] TensorsCsv, IReadOnlyList<Evidence> Verdict)
{
    private string CasePath => Path.Combine(Folder, CaseKeys.FileName);

    private string TensorsPath => Path.Combine(Folder, TensorRows.FileName);

    /// <summary>Draws a case, and writes what nn.RNN makes of it.</summary>
    public static FuzzBase Of(RnnCase c, string folder)
    {
        using var scope = NewDisposeScope();
        var exact = c.Id == "integers";
        var tensors = c.Draw();
        if (exact)
            tensors = IntegerTensors.Of(tensors, CaseTensors.Seed(c.Id));
        var quantities = RnnRun
            .Of(RnnFactory.Rnn, c, tensors, CPU)
            .Where(q => c.Id is "integers" or "gradients" || q.Key is "output" or "h_n")
            .ToDictionary();
        if (c.Lengths is not null)
            tensors = tensors with { GradOutput = zeros(quantities["output"].shape, ScalarType.Float64) };
        var keys = new Dictionary<string, string>
        {
            ["device"] = "cpu",
            ["engine"] = "libtorch",
            ["engine_version"] = __version__,
        };
        if (exact)
            keys["exact"] = "true";
        new CaseFolder(c, tensors, quantities, keys).Write(folder);
        var results = Verification.Of(RecordedRun.Of(folder));
        if (results.FirstOrDefault(r => !r.Holds) is { } failed)
            throw new InvalidOperationException(failed.Finding.Explanation);
        return new(
            folder,
            File.ReadAllBytes(Path.Combine(folder, CaseKeys.FileName)),
            File.ReadAllBytes(Path.Combine(folder, TensorRows.FileName)),
            Evidences(results)
        );
    }

    /// <summary>What becomes of changed files, and a sentence if that is wrong.</summary>
    public (Fate fate, string? wrong) Judge(
        Func<RecordedRun, IReadOnlyList<Result>> verify,
        byte[] caseCsv,
        byte[] tensorsCsv
    )
    {
        File.WriteAllBytes(CasePath, caseCsv);
        File.WriteAllBytes(TensorsPath, tensorsCsv);
        var plain = PlainFolder.Of(caseCsv, tensorsCsv);
        var before = PlainFolder.Of(CaseCsv, TensorsCsv)!;
        var same = plain?.IsSame(before) == true;
        try
        {
            var run = RecordedRun.Of(Folder);
            var results = verify(run);
            return Read(run, results, plain, before, same);
        }
        catch (FixtureException e)
        {
            return (
                Fate.Refused,
                same ? $"refused, though nothing changed: {e.Message}"
                : !e.Message.StartsWith(Folder, StringComparison.Ordinal) || e.Message.Contains('\n')
                    ? $"no sentence about the folder: {e.Message}"
                : null
            );
        }
#pragma warning disable CA1031 // Whatever else comes is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (Fate.Refused, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private (Fate, string?) Read(
        RecordedRun run,
        IReadOnlyList<Result> results,
        PlainFolder? plain,
        PlainFolder before,
        bool same
    )
    {
        var found = PlainFolder.Of(run.Folder);
        var fate =
            same ? Fate.Same
            : results.Any(r => r.Fails) ? Fate.Differs
            : results.Any(r => r.IsUndecided) ? Fate.Undecided
            : results.Min(r => r.Finding.Evidence) == Evidence.Certified ? Fate.Certified
            : Fate.Equal;
        if (plain?.HasNumbersOf(found) == false)
            return (fate, "a number is not the one in the file");
        if (same && !Evidences(results).SequenceEqual(Verdict))
            return (fate, $"nothing changed, and the verdict is another: {string.Join(' ', Evidences(results))}");
        if (
            Recorded(found, before)
            && Evidences(results).Zip(Verdict).Any(e => e is { First: >= Evidence.Exact, Second: >= Evidence.Exact })
        )
            return (fate, "a recorded number alone changed, and a run that was equal to it is still equal");
        if (fate is Fate.Differs)
            return (fate, null);
        var exact = results[0].Finding.Evidence == Evidence.Exact;
        return (fate, PlainJudge.Refutes(run.Folder.Case, found, exact));
    }

    // Whether nothing but recorded quantities changed, and some did.
    private static bool Recorded(PlainFolder found, PlainFolder before)
    {
        var given = found with { Tensors = found.Tensors.Where(t => !CaseShapes.IsQuantity(t.Key)).ToDictionary() };
        var made = found with { Tensors = found.Tensors.Where(t => CaseShapes.IsQuantity(t.Key)).ToDictionary() };
        return found.Keys.All(k => before.Keys.GetValueOrDefault(k.Key) == k.Value)
            && given.HasNumbersOf(before)
            && !made.HasNumbersOf(before);
    }

    private static List<Evidence> Evidences(IReadOnlyList<Result> results) =>
        [.. results.Select(r => r.Finding.Evidence)];
}
