using System.Globalization;
using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Folders;

/// <summary>Folders that were recorded elsewhere, from outside: what holds, where a fault is, and the exit status.</summary>
public sealed class VerifyTests
{
    private string root = "";

    private string Case => Path.Combine(root, "case");

    private string Tensors => Path.Combine(Case, "tensors.csv");

    private string Certificate => Path.Combine(root, "verify.csv");

    [SetUp]
    public void Create() => root = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void Delete() => Directory.Delete(root, recursive: true);

    [Test]
    public void A_strangers_folder_verifies()
    {
        StrangersFolder.Write(Case, exact: true);
        var (status, output, errors) = Verify(Case);
        errors.ShouldBeEmpty();
        status.ShouldBe(0, output);
        output.ShouldContain("8 runs in 1 folder: 8 exact, 0 failed");
        var rows = File.ReadAllLines(Certificate);
        rows.Length.ShouldBe(9);
        rows[1].ShouldStartWith($"recorded,-,{Case},the recorded run,the equation,cpu,exact,yes,");
        rows[8].ShouldStartWith($"recorded,-,{Case},nn.RNN,a stranger 1,cpu,exact,yes,");
    }

    [Test]
    public void A_strangers_folder_verifies_without_h_n_and_without_the_claim_that_it_is_exact()
    {
        StrangersFolder.Write(Case, exact: false);
        var rows = File.ReadAllLines(Tensors);
        File.WriteAllLines(Tensors, rows.Where(r => !r.StartsWith("h_n", StringComparison.Ordinal)));
        var (status, output, _) = Verify(Case);
        status.ShouldBe(0, output);
        output.ShouldContain("8 runs in 1 folder: 7 identical, 1 certified, 0 failed");
    }

    [Test]
    public void The_last_bit_of_one_weight_is_found_and_named_where_nothing_rounds()
    {
        StrangersFolder.Write(Case, exact: true);
        ChangeLastBit("weight_hh_l1_reverse,");
        var (status, output, errors) = Verify(Case);
        status.ShouldBe(2, output);
        errors.ShouldContain("case.csv says exact, but weight_hh_l1_reverse[0, 0] is ");
        errors.ShouldContain(", which is no integer");
    }

    [Test]
    public void The_last_bit_of_one_weight_is_within_rounding_where_something_rounds()
    {
        StrangersFolder.Write(Case, exact: false);
        ChangeLastBit("weight_hh_l1_reverse,");
        var (status, output, _) = Verify(Case);
        status.ShouldBe(0, output);
        output.ShouldContain("8 runs in 1 folder: 8 certified, 0 failed");
        output.ShouldContain("widest bound: in parts of the largest value of its quantity");
    }

    [Test]
    public void The_last_bit_of_one_output_is_found_and_named_where_nothing_rounds()
    {
        StrangersFolder.Write(Case, exact: true);
        ChangeLastBit("output,2,1,");
        var (status, output, _) = Verify(Case);
        status.ShouldBe(1, output);
        output.ShouldMatch(@"output differs in 1 of \d+ elements, worst at \[2, 1, \d\]: .* against .*, 1 ULP");
    }

    [Test]
    public void A_final_state_that_is_not_the_last_one_is_named()
    {
        StrangersFolder.Write(Case, exact: true);
        var row = File.ReadLines(Tensors).First(r => r.StartsWith("h_n,3,", StringComparison.Ordinal));
        SpoiltFolder.Edit(Tensors, row + "\n", row + "7\n");
        var (status, output, _) = Verify(Case);
        status.ShouldBe(1, output);
        output.ShouldMatch(@"h_n differs in 1 of \d+ elements, worst at \[3, ");
        output.ShouldMatch("h_n is not the last state: layer 1, reverse, row [01], unit [0-2]");
    }

    [TestCase("weight_ih_l0,0,0,,", "h_n in layer 0, forward, row")]
    [TestCase("weight_hh_l1_reverse,0,0,,", "h in layer 1, reverse, step")]
    public void A_wrong_weight_is_no_rounding_and_the_first_state_is_named(string weight, string place)
    {
        StrangersFolder.Write(Case, exact: false);
        var row = File.ReadLines(Tensors).First(r => r.StartsWith(weight, StringComparison.Ordinal));
        SpoiltFolder.Edit(
            Tensors,
            row + "\n",
            $"{weight}{int.Parse(row[weight.Length..], CultureInfo.InvariantCulture)}.01\n"
        );
        var (status, output, _) = Verify(Case);
        status.ShouldBe(1, output);
        output.ShouldContain($"the recorded run, by a stranger 1, is not certified\n  {place}");
        output.ShouldContain("where rounding is at most");
    }

    [Test]
    public void Every_folder_below_a_directory_is_verified()
    {
        StrangersFolder.Write(Path.Combine(root, "a", "one"), exact: true);
        StrangersFolder.Write(Path.Combine(root, "two"), exact: false);
        Directory.CreateSymbolicLink(Path.Combine(root, "a", "loop"), root);
        var (status, output, _) = Verify(root);
        status.ShouldBe(0, output);
        output.ShouldContain("16 runs in 2 folders: 7 identical, 8 exact, 1 certified, 0 failed");
    }

    [Test]
    public void Where_carried_bounds_say_nothing_a_run_with_the_same_bits_shows_the_lower_layers()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("long", "bounds that are carried far", 100, 1, new(4, 64, 2));
        var drawn = c.Draw();
        var tensors = drawn with { Weights = drawn.Weights.ToDictionary(w => w.Key, w => w.Value.Times(3)) };
        var run = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU);
        var forward = run.Where(q => q.Key is "output" or "h_n").ToDictionary();
        Certification.Of(c, tensors, forward).Explanation!.ShouldContain("says nothing");

        var keys = new Dictionary<string, string>();
        var folder = new CaseFolder(c with { Refine = _ => tensors }, tensors, forward, keys);
        var results = Verification.Of(new RecordedRun("long", folder, "libtorch"));
        results[0].Finding.Evidence.ShouldBe(Evidence.Certified, results[0].Finding.Explanation);
        foreach (var result in results)
            result.Holds.ShouldBeTrue(result.Finding.Explanation);
    }

    private void ChangeLastBit(string beginning)
    {
        var row = File.ReadLines(Tensors)
            .First(r =>
                r.StartsWith(beginning, StringComparison.Ordinal) && !r.EndsWith(",0", StringComparison.Ordinal)
            );
        var comma = row.LastIndexOf(',') + 1;
        var value = MathF.BitIncrement(float.Parse(row[comma..], CultureInfo.InvariantCulture));
        SpoiltFolder.Edit(Tensors, row + "\n", FormattableString.Invariant($"{row[..comma]}{value:R}\n"));
    }

    private (int status, string output, string errors) Verify(params string[] directories) =>
        ParityProcess.Within(["verify", .. directories, "--certificate", Certificate]);
}
