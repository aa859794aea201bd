using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using static TorchSharp.torch;

namespace Rnn.Parity.Fixtures;

/// <summary>What a witness, an engine outside this process, made of a case.</summary>
/// <param name="Witness">The witness's name, a folder of testimonies/.</param>
/// <param name="Quantities">output, h_n, grad.input, …: as many as the witness can compute.</param>
public sealed record Testimony(string Witness, IReadOnlyDictionary<string, Tensor> Quantities)
{
    /// <summary>The names of the witnesses in a folder of fixtures.</summary>
    public static IReadOnlyList<string> Witnesses(string fixtures) =>
        [
            .. Directory
                .EnumerateDirectories(Path.Combine(fixtures, "testimonies"))
                .Select(folder => Path.GetFileName(folder))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Reads what a witness made of a case; null if it does not speak of it.</summary>
    /// <exception cref="FixtureException">Something is not as it should be; the sentence names the file and the row.</exception>
    public static Testimony? Read(string fixtures, string witness, RnnCase c)
    {
        ArgumentNullException.ThrowIfNull(c);
        var path = Path.Combine(fixtures, "testimonies", witness, c.Id + ".csv");
        if (!File.Exists(path))
            return null;
        using var scope = NewDisposeScope();
        var quantities = TensorRows.Read(path, c).ToTensors(new CaseShapes(c), ["output", "h_n"]);
        scope.MoveToOuter(quantities.Values);
        return new Testimony(witness, quantities);
    }

    /// <summary>The strongest evidence that a run and this testimony are of the same function.</summary>
    /// <param name="folder">The case.</param>
    /// <param name="subject">What was run, for the message.</param>
    /// <param name="run">The quantities of <see cref="RnnRun"/>.</param>
    /// <exception cref="ArgumentException">The folder claims to be exact, and has no integers or no relu.</exception>
    /// <remarks>A testimony may repeat tensors that the case gives, when the witness drew them from a seed itself.</remarks>
    public Finding Evidence(CaseFolder folder, string subject, IReadOnlyDictionary<string, Tensor> run)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(run);
        var given = new Dictionary<string, Tensor>(folder.Tensors.Weights) { ["input"] = folder.Tensors.Input };
        if (folder.Tensors.H_0 is { } h_0)
            given["h_0"] = h_0;
        var actual = run.Concat(given).Where(q => Quantities.ContainsKey(q.Key)).ToDictionary();
        var finding = ParityCheck.Compare($"{folder.Case}: {subject} differs from {Witness}", actual, Quantities);
        if (finding.Evidence == Comparison.Evidence.Identical)
            return NothingRounds(folder) ? finding with { Evidence = Comparison.Evidence.Exact } : finding;
        return NothingRounds(folder)
            ? finding
            : ParityCheck.Certified(folder.Case, folder.Tensors, finding, (subject, actual), (Witness, Quantities));
    }

    // What a folder claims is proven before it is believed; the oracle knows no packed sequences.
    private static bool NothingRounds(CaseFolder folder) =>
        folder.Keys.GetValueOrDefault("exact") == "true"
        && folder.Case.Lengths is null
        && IntegerOracle.Refuses(folder.Case, folder.Tensors) is null;
}
