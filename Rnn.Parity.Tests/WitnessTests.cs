using System.Globalization;
using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Exact;
using Rnn.Parity.Fixtures;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>The cases that every witness was given, and what each made of them, beside our implementations.</summary>
public sealed class WitnessTests
{
    private const int GreatestSize = 8_000_000;

    private static IReadOnlyList<string> Ids =>
        [
            .. Directory
                .EnumerateDirectories(Path.Combine(Folders.Fixtures, "cases"))
                .Select(folder => Path.GetFileName(folder))
                .Order(StringComparer.Ordinal),
        ];

    private static IReadOnlyList<string> Witnesses => Testimony.Witnesses(Folders.Fixtures);

    private static IReadOnlyList<string> Exact =>
        [.. Ids.Where(id => id.StartsWith("exact", StringComparison.Ordinal))];

    [Test]
    public void There_are_at_least_sixty_cases_in_eight_megabytes()
    {
        Ids.ShouldBe(WitnessCases.All.Select(c => c.Id).Order(StringComparer.Ordinal));
        WitnessCases.Gated.Count().ShouldBeGreaterThanOrEqualTo(60);
        Directory
            .EnumerateFiles(Folders.Fixtures, "*", SearchOption.AllDirectories)
            .Sum(file => new FileInfo(file).Length)
            .ShouldBeLessThanOrEqualTo(GreatestSize);
    }

    [Test]
    public void Every_case_but_the_documents_has_passed_the_gate()
    {
        foreach (var c in WitnessCases.Gated)
        {
            using var scope = NewDisposeScope();
            var tensors = Read(c.Id).Tensors;
            Gate.Rejects(c with { Refine = _ => tensors }).ShouldBeNull(c.Id);
        }
    }

    [Test]
    public void A_float32_reads_alike_where_decimals_are_doubles_first()
    {
        foreach (
            var file in Directory.EnumerateFiles(
                Path.Combine(Folders.Fixtures, "cases"),
                "tensors.csv",
                SearchOption.AllDirectories
            )
        )
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            var text = line[(line.LastIndexOf(',') + 1)..];
            var single = float.Parse(text, CultureInfo.InvariantCulture);
            if (file.Contains("float32", StringComparison.Ordinal))
                ((float)double.Parse(text, CultureInfo.InvariantCulture)).ShouldBe(single, $"{file}: {line}");
        }
    }

    [TestCaseSource(nameof(Exact))]
    public void In_an_exact_case_every_engine_gives_the_bits_of_the_oracle(string id)
    {
        using var scope = NewDisposeScope();
        var folder = Read(id);
        var oracle = IntegerOracle.Of(folder.Case, folder.Tensors);
        foreach (
            var testimony in Witnesses.Select(w => Testimony.Read(Folders.Fixtures, w, folder.Case)).OfType<Testimony>()
        )
        {
            var finding = testimony.Evidence(folder, "the oracle", oracle);
            finding.Evidence.ShouldBe(Evidence.Exact, finding.Explanation);
            foreach (var run in Runs(folder))
                testimony.Evidence(folder, run.name, run.quantities).Evidence.ShouldBe(Evidence.Exact);
        }
        Witnesses.Count(w => Testimony.Read(Folders.Fixtures, w, folder.Case) is not null).ShouldBeGreaterThan(0);
    }

    [Test]
    public void One_bit_of_a_testimony_changed_is_seen()
    {
        using var scope = NewDisposeScope();
        var folder = Read(Exact[0]);
        var testimony = Testimony.Read(Folders.Fixtures, "pytorch", folder.Case)!;
        var changed = testimony.Quantities.ToDictionary(q => q.Key, q => q.Value.clone());
        changed["grad.weight_hh_l0"].add_(1);
        var finding = testimony.Evidence(folder, "the same", changed);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation!.ShouldContain("the same differs from pytorch\n  grad.weight_hh_l0 differs in 25 of 25");
    }

    [Test]
    public void A_folder_that_claims_to_be_exact_is_not_believed()
    {
        using var scope = NewDisposeScope();
        var folder = Read("one-layer-relu-float32");
        var claiming = folder with { Keys = new Dictionary<string, string> { ["exact"] = "true" } };
        var testimony = Testimony.Read(Folders.Fixtures, "pytorch", folder.Case)!;
        testimony.Evidence(folder, "itself", testimony.Quantities).Evidence.ShouldBe(Evidence.Identical);
        Should
            .Throw<ArgumentException>(() => testimony.Evidence(claiming, "itself", testimony.Quantities))
            .Message.ShouldEndWith("the oracle expects integers");
    }

    [Test]
    public void PyTorch_draws_the_documents_again_from_their_seeds(
        [Values("001-scratch", "001-nn-rnn", "003-one-neuron", "003-two-neurons")] string id
    )
    {
        using var scope = NewDisposeScope();
        var folder = Read(id);
        var testimony = Testimony.Read(Folders.Fixtures, "pytorch", folder.Case)!;
        foreach (var (name, weight) in folder.Tensors.Weights.Append(new("input", folder.Tensors.Input)))
            TensorComparison.Compare(name, testimony.Quantities[name], weight).ShouldBeNull();
    }

    [TestCaseSource(nameof(Witnesses))]
    public void Every_implementation_stands_beside_every_testimony(string witness)
    {
        var findings = new List<(string run, Finding finding)>();
        foreach (var id in Ids)
        {
            using var scope = NewDisposeScope();
            var folder = Read(id);
            if (Testimony.Read(Folders.Fixtures, witness, folder.Case) is { } testimony)
                findings.AddRange(
                    Runs(folder).Select(run => (run.name, testimony.Evidence(folder, run.name, run.quantities)))
                );
        }
        foreach (var (run, finding) in findings)
            finding.Holds.ShouldBeTrue($"{run}: {finding.Explanation}");
        foreach (var run in findings.GroupBy(f => f.run, f => f.finding))
        {
            run.Count().ShouldBeGreaterThanOrEqualTo(47, run.Key);
            TestContext.Out.WriteLine($"{witness} beside {run.Key}: {Summary([.. run])}");
        }
    }

    private static string Summary(IReadOnlyList<Finding> findings) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{findings.Count(f => f.Evidence == Evidence.Exact)} exact, {findings.Count(f => f.Evidence == Evidence.Identical)} identical, {findings.Count(f => f.Evidence == Evidence.Certified)} certified, at most {findings.Max(f => f.BoundRatio) ?? 0:F3} and {findings.Max(f => f.ProbableRatio) ?? 0:F3} of the bounds"
        );

    // Each implementation in each order, nn.RNN, and nn.RNNCell where the sequences are not packed.
    private static IEnumerable<(string name, IReadOnlyDictionary<string, Tensor> quantities)> Runs(CaseFolder folder)
    {
        var c = folder.Case;
        foreach (var factory in RnnFactory.Implementations)
        foreach (var order in Enum.GetValues<EvaluationOrder>())
            yield return (
                $"{factory} {order}",
                RnnRun.Of(factory, c with { Options = c.Options with { Order = order } }, folder.Tensors, CPU)
            );
        yield return ("nn.RNN", RnnRun.Of(RnnFactory.Rnn, c, folder.Tensors, CPU));
        yield return ("nn.RNNCell", RnnRun.Of(RnnFactory.RnnCell, c, folder.Tensors, CPU));
    }

    private static CaseFolder Read(string id) => CaseFolder.Read(Path.Combine(Folders.Fixtures, "cases", id));
}
