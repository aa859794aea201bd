using System.Globalization;
using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using Rnn.Parity.Machine;
using Rnn.Parity.Reporting;
using Rnn.Parity.Tests.Fixtures;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Folders;

/// <summary>The cases that every witness was given, and what each made of them, beside our implementations.</summary>
public sealed class WitnessTests
{
    private const int GreatestSize = 8_000_000;

    private static IReadOnlyList<string> Ids =>
        [
            .. Directory
                .EnumerateDirectories(Path.Combine(SpoiltFolder.Fixtures, "cases"))
                .Select(folder => Path.GetFileName(folder))
                .Order(StringComparer.Ordinal),
        ];

    // One testimony in so many is verified; all if the long tests run.
    private static readonly int every = Extent.Every(7, "testimonies");

    private static readonly Lazy<IReadOnlyList<(RecordedRun run, IReadOnlyList<Result> results)>> verified = new(() =>
        [.. RecordedRun.In(SpoiltFolder.Fixtures).Where((_, i) => i % every == 0).Select(Verified)]
    );

    private static IEnumerable<Result> Results => verified.Value.SelectMany(v => v.results);

    [Test]
    public void There_are_at_least_sixty_cases_in_eight_megabytes()
    {
        Ids.ShouldBe(WitnessCases.All.Select(c => c.Id).Order(StringComparer.Ordinal));
        WitnessCases.Gated.Count().ShouldBeGreaterThanOrEqualTo(60);
        Directory
            .EnumerateFiles(SpoiltFolder.Fixtures, "*", SearchOption.AllDirectories)
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
        var folders = Directory
            .EnumerateDirectories(Path.Combine(SpoiltFolder.Fixtures, "cases"))
            .Where(folder => File.ReadLines(Path.Combine(folder, "case.csv")).Contains("dtype,float32"))
            .ToList();
        folders.ShouldNotBeEmpty();
        foreach (var folder in folders)
        foreach (var line in File.ReadLines(Path.Combine(folder, "tensors.csv")).Skip(1))
        {
            var text = line[(line.LastIndexOf(',') + 1)..];
            var single = float.Parse(text, CultureInfo.InvariantCulture);
            ((float)double.Parse(text, CultureInfo.InvariantCulture)).ShouldBe(single, $"{folder}: {line}");
        }
    }

    [Test]
    public void In_an_exact_case_every_engine_gives_the_bits_of_the_oracle()
    {
        var exact = Results.Where(r => r.Check.Case.Contains("/exact", StringComparison.Ordinal)).ToList();
        exact.ShouldNotBeEmpty();
        exact.ShouldAllBe(r => r.Finding.Evidence == Evidence.Exact);
    }

    [Test]
    [Long("verifies every testimony")]
    public void Every_exact_case_has_a_testimony() =>
        Results
            .Select(r => r.Check.Case.Split('/')[1])
            .Where(id => id.StartsWith("exact", StringComparison.Ordinal))
            .Distinct()
            .ShouldBe(Ids.Where(id => id.StartsWith("exact", StringComparison.Ordinal)), ignoreOrder: true);

    [Test]
    public void PyTorch_draws_the_documents_again_from_their_seeds(
        [Values("001-scratch", "001-nn-rnn", "003-one-neuron", "003-two-neurons")] string id
    )
    {
        using var scope = NewDisposeScope();
        var folder = RecordedRun.Of(SpoiltFolder.Fixtures, "pytorch", id).Folder;
        foreach (var (name, weight) in folder.Tensors.Weights.Append(new("input", folder.Tensors.Input)))
            TensorComparison.Compare(name, folder.Quantities[name], weight).ShouldBeNull();
    }

    [Test]
    public void What_a_witness_drew_itself_is_given_to_the_bit()
    {
        using var scope = NewDisposeScope();
        var run = RecordedRun.Of(SpoiltFolder.Fixtures, "pytorch", "003-one-neuron");
        Verification.Of(run).ShouldAllBe(r => r.Holds);
        run.Folder.Quantities["weight_ih_l0"].bytes[0] ^= 1;
        var results = Verification.Of(run);
        results.ShouldHaveSingleItem();
        results.ShouldAllBe(r => !r.Holds && r.Finding.Explanation!.Contains("what pytorch was given"));
    }

    /// <summary>Theorem 1 of docs/exact.md: the sign of a zero is that of the order of its sum.</summary>
    [Test]
    public void A_zero_has_no_sign_where_nothing_rounds()
    {
        using var scope = NewDisposeScope();
        var run = RecordedRun.Of(SpoiltFolder.Fixtures, "pytorch", "exact-relu-float64");
        var zeros = 0;
        foreach (var quantity in run.Folder.Quantities.Values)
            for (var i = 0; i < quantity.numel(); i++)
                if (BitConverter.ToDouble(quantity.bytes.Slice(i * sizeof(double), sizeof(double))) == 0)
                {
                    quantity.bytes[i * sizeof(double) + 7] ^= 0x80;
                    zeros++;
                }
        zeros.ShouldBeGreaterThan(0);
        var results = Verification.Of(run);
        results.Count.ShouldBe(8);
        results.ShouldAllBe(r => r.Finding.Evidence == Evidence.Exact);
    }

    [Test]
    public void Every_implementation_stands_beside_every_testimony()
    {
        foreach (var result in Results)
            result.Holds.ShouldBeTrue($"{result.Check.Subject}: {result.Finding.Explanation}");
        var files = Directory.GetFiles(
            Path.Combine(SpoiltFolder.Fixtures, "testimonies"),
            "*-*.csv",
            SearchOption.AllDirectories
        );
        var runs = (files.Length + every - 1) / every;
        Results.Count().ShouldBe(runs * (1 + RnnFactory.Implementations.Count * 2 + 1));
    }

    /// <summary>Theorem 1: the tanh of ONNX Runtime is given its absolute error, and that is said.</summary>
    [TestCase("onnxruntime", 8)]
    [TestCase("ONNX Runtime 1.22.0", 8)]
    public void An_absolute_error_of_tanh_is_one_engines_alone(string engine, int error) =>
        OfEngine(engine).ShouldBe((Evidence.Certified, error));

    [Test]
    public void Of_another_engine_it_cannot_be_told() =>
        OfEngine("my port, checked against ONNX Runtime 1").ShouldBe((Evidence.Undecided, 8));

    private static (Evidence, int) OfEngine(string engine)
    {
        using var scope = NewDisposeScope();
        var run = RecordedRun.Of(SpoiltFolder.Fixtures, "onnxruntime", "000-five-neurons");
        var finding = Verification.OfItself(run with { Engine = engine });
        return (finding.Evidence, finding.TanhError);
    }

    /// <summary>Its testimonies have the bits of one processor; here it is within its bounds.</summary>
    [TestCase("cell-relu-float32")]
    [TestCase("batch-first-tanh-float32")]
    [TestCase("bidirectional-tanh-float32")]
    [TestCase("004-unbatched")]
    [TestCase("004-two-layers")]
    [TestCase("packed-tanh-float32")]
    public void What_ONNX_Runtime_computes_here_is_certified(string id)
    {
        using var scope = NewDisposeScope();
        var (given, run) = (Read(id), RecordedRun.Of(SpoiltFolder.Fixtures, "onnxruntime", id));
        var computed = OnnxWitness.Run(id, given).ToDictionary();
        computed.Keys.ShouldBe(run.Folder.Quantities.Keys);
        var finding = Verification.OfItself(run with { Folder = run.Folder with { Quantities = computed } });
        (finding.Evidence >= Evidence.Certified).ShouldBeTrue(finding.Explanation);
    }

    // How near the bounds are, and how many bits are the same, is another machine's own.
    [Test]
    [Long("makes the table of the witnesses")]
    public void README_has_what_each_witness_testifies()
    {
        var table = WitnessTable.Markdown(SpoiltFolder.Fixtures, verified.Value);
        AtomicFile.Write(Path.Combine(Repository.Root, "artifacts", "witnesses.md"), table);
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        foreach (var row in table.TrimEnd().Split('\n'))
            readme.ShouldContain(string.Join('|', row.Split('|').Take(4)));
    }

    private static (RecordedRun, IReadOnlyList<Result>) Verified(Func<RecordedRun> read)
    {
        using var scope = NewDisposeScope();
        var run = read();
        return (run, Verification.Of(run));
    }

    private static CaseFolder Read(string id) => CaseFolder.Read(Path.Combine(SpoiltFolder.Fixtures, "cases", id));
}
