using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Exact;
using Rnn.Parity.Folders;
using Rnn.Parity.Tests.Folders;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>What a folder may say of the layers of a run, and what that decides.</summary>
[MutationOf("parity")]
public sealed class RecordedLayerTests
{
    internal static readonly RnnCase stack = new(
        "recorded",
        "three layers of two directions",
        6,
        2,
        new(3, 5, 3, Bidirectional: true, Order: EvaluationOrder.PerStep)
    );

    private string folder = "";

    [SetUp]
    public void Create() => folder = Path.Combine(Directory.CreateTempSubdirectory().FullName, "recorded");

    [TearDown]
    public void Delete() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public void The_layers_and_their_adjoints_come_back(bool batchFirst, bool unbatched)
    {
        using var scope = NewDisposeScope();
        var c = stack with
        {
            B = unbatched ? 1 : 2,
            Unbatched = unbatched,
            Options = stack.Options with { BatchFirst = batchFirst },
        };
        var written = Write(c);
        var read = RecordedRun.Of(folder);
        Same(read.Folder.Inner!.Outputs, written.Outputs);
        Same(read.Folder.Inner.Adjoints!, written.Adjoints!);
        Verification.OfItself(read).Evidence.ShouldBe(Evidence.Certified);
    }

    [TestCase("output_l1,", "output_l0 is there, and output_l1 is missing")]
    [TestCase("grad.h_l2_reverse,", "output_l0 is there, and grad.h_l2_reverse is missing")]
    [TestCase("output_l", "grad.h_l0 is there, and output_l0 is missing")]
    public void Some_of_them_alone_are_refused(string beginning, string sentence)
    {
        Write(stack);
        Keep(row => !row.StartsWith(beginning, StringComparison.Ordinal));
        Should.Throw<FixtureException>(() => RecordedRun.Of(folder)).Message.ShouldEndWith(sentence);
    }

    [TestCase("output_l0,3,1,2,", "h in layer 0, forward, step 3, row 1, unit 2 is 9,")]
    [TestCase("grad.h_l1_reverse,3,1,2,", "the adjoint of h in layer 1, reverse at [")]
    public void A_wrong_number_of_a_lower_layer_is_found_in_it(string beginning, string place)
    {
        using var scope = NewDisposeScope();
        Write(stack);
        Keep(row => true, row => row.StartsWith(beginning, StringComparison.Ordinal) ? beginning + "9" : row);
        var finding = Verification.OfItself(RecordedRun.Of(folder));
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldNotBeNull().ShouldContain(place);
    }

    [Test]
    public void Adjoints_are_judged_where_no_other_gradient_was_recorded()
    {
        using var scope = NewDisposeScope();
        Write(stack);
        Keep(row =>
            !row.StartsWith("grad.", StringComparison.Ordinal) || row.StartsWith("grad.h_l", StringComparison.Ordinal)
        );
        Verification.OfItself(RecordedRun.Of(folder)).Evidence.ShouldBe(Evidence.Certified);
        Keep(
            _ => true,
            row => row.StartsWith("grad.h_l1,3,1,2,", StringComparison.Ordinal) ? "grad.h_l1,3,1,2,9" : row
        );
        Verification.OfItself(RecordedRun.Of(folder)).Evidence.ShouldBe(Evidence.Differs);
    }

    [TestCase("output_l0,1,1,0,9", "h in layer 0, forward, step 1, row 1, unit 0 is 9,")]
    [TestCase("grad.h_l1,1,1,0,9", "the adjoint of h in layer 1, forward at [")]
    public void Of_an_exact_folder_what_the_oracle_does_not_speak_of_is_judged_too(string wrong, string place)
    {
        using var scope = NewDisposeScope();
        WriteExact();
        Verification.OfItself(RecordedRun.Of(folder)).Evidence.ShouldBe(Evidence.Exact);
        Keep(_ => true, row => row.StartsWith(wrong[..^1], StringComparison.Ordinal) ? wrong : row);
        var finding = Verification.OfItself(RecordedRun.Of(folder));
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldNotBeNull().ShouldContain(place);
    }

    [Test]
    public void A_gradient_of_an_exact_folder_is_no_mistake_of_the_states()
    {
        using var scope = NewDisposeScope();
        WriteExact();
        Keep(
            row =>
                !row.StartsWith("output_l", StringComparison.Ordinal)
                && !row.StartsWith("grad.h_l", StringComparison.Ordinal),
            row => row.StartsWith("grad.bias_hh_l0,0,", StringComparison.Ordinal) ? "grad.bias_hh_l0,0,,,99" : row
        );
        var finding = Verification.OfItself(RecordedRun.Of(folder));
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.DifferingQuantities.ShouldBe(["grad.bias_hh_l0"]);
        finding.Explanation.ShouldNotBeNull().ShouldNotContain("another function");
    }

    // W_ih of layer 0, (5, 3), has no transpose of its shape
    [Test]
    public void A_gradient_that_is_wrong_is_no_mistake_of_the_states()
    {
        using var scope = NewDisposeScope();
        Write(stack with { Options = stack.Options with { NumLayers = 2, Bidirectional = false } });
        Keep(
            row =>
                !row.StartsWith("output_l", StringComparison.Ordinal)
                && !row.StartsWith("grad.h_l", StringComparison.Ordinal),
            row => row.StartsWith("grad.weight_ih_l0,1,1,", StringComparison.Ordinal) ? "grad.weight_ih_l0,1,1,,9" : row
        );
        var finding = Verification.OfItself(RecordedRun.Of(folder));
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldNotBeNull().ShouldEndWith("\n  no mistake that is on the list explains it");
    }

    // two layers with relu
    private void WriteExact()
    {
        var number = Enumerable
            .Range(0, ExactCase.Count)
            .First(n => ExactCase.Options(n) is { NumLayers: 2, NonLinearity: nn.NonLinearities.ReLU });
        Write(ExactCase.Of(1, number));
        File.AppendAllText(Path.Combine(folder, CaseKeys.FileName), "exact,true\n");
    }

    private Inner Write(RnnCase c)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        var run = TracedRun.ByAutograd(RnnFactory.Implementations[0], c, tensors);
        var keys = new Dictionary<string, string>
        {
            ["device"] = "cpu",
            ["engine"] = "mine",
            ["engine_version"] = "1",
            ["source"] = "layers",
        };
        new CaseFolder(c, tensors, run.Quantities, keys) { Inner = run.Inner }.Write(folder);
        foreach (var tensor in run.Inner.Outputs.Concat(run.Inner.Adjoints!))
            tensor.MoveToOuterDisposeScope();
        return run.Inner;
    }

    private void Keep(Func<string, bool> rows, Func<string, string>? change = null)
    {
        var file = Path.Combine(folder, TensorRows.FileName);
        var lines = File.ReadAllLines(file).Where(rows).Select(change ?? (row => row));
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
    }

    private static void Same(IReadOnlyList<Tensor> read, IReadOnlyList<Tensor> written)
    {
        read.Count.ShouldBe(written.Count);
        foreach (var (a, b) in read.Zip(written))
            TensorComparison.Compare("layer", a, b).ShouldBeNull();
    }
}
