using NUnit.Framework;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Folders;

/// <summary>A folder that says exact is held to it to the bit, and no mistake is named where bounds would let it pass.</summary>
public sealed class ExactFolderTests
{
    private string folder = "";

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    // γ_2 2²³ is a little more than 1
    [TestCase("8388608", Evidence.Exact)]
    [TestCase("8388609", Evidence.Differs)]
    public void An_integer_of_a_lower_layer_is_the_one_though_a_bound_is_wider(string state, Evidence evidence)
    {
        var finding = Of(2, "input,0,0,0,8388608", $"output_l0,0,0,0,{state}", "output,0,0,0,8388608");
        finding.Evidence.ShouldBe(evidence, finding.Explanation);
    }

    [Test]
    public void An_output_within_its_bound_is_no_other_function()
    {
        Of(2, "input,0,0,0,3", "output,0,0,0,3").Evidence.ShouldBe(Evidence.Exact);
        var finding = Of(2, "input,0,0,0,3", "output,0,0,0,3.0000002");
        finding.Evidence.ShouldBe(Evidence.Differs, finding.Explanation);
        finding.Explanation.ShouldNotBeNull().ShouldNotContain("another function");
    }

    [TestCase("grad.weight_ih_l0,0,0,,3.0000002")]
    [TestCase("grad.weight_ih_l0,0,0,,4")]
    [TestCase("grad.h_l0,0,0,0,1.0000001")]
    [TestCase("grad.h_l0,0,0,0,2")]
    public void Of_one_step_no_gradient_is_cut(string wrong)
    {
        string[] right =
        [
            "input,0,0,0,3",
            "output,0,0,0,3",
            "grad_output,0,0,0,1",
            "grad.weight_ih_l0,0,0,,3",
            "grad.h_l0,0,0,0,1",
        ];
        Of(1, right).Evidence.ShouldBe(Evidence.Exact);
        var name = wrong.Split(',')[0] + ",";
        var finding = Of(1, [.. right.Where(row => !row.StartsWith(name, StringComparison.Ordinal)), wrong]);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldNotBeNull().ShouldNotContain("no gradient passes");
    }

    [Test]
    public void The_place_of_an_adjoint_is_that_of_the_file()
    {
        var finding = Of(
            1,
            "batch_first,true",
            "input,0,0,0,3",
            "input,0,1,0,1",
            "output,0,0,0,3",
            "output,0,1,0,4",
            "grad_output,0,0,0,1",
            "grad_output,0,1,0,1",
            "grad.h_l0,0,0,0,2",
            "grad.h_l0,0,1,0,1.0000001"
        );
        finding.Explanation.ShouldNotBeNull().ShouldContain("grad.h_l0 differs in 1 of 2 elements, worst at [0, 1, 0]");
    }

    /// <summary>docs/cuda.md: relu'(0) is 1 in cuDNN.</summary>
    [TestCase("cuda", "true", Evidence.Exact)]
    [TestCase("cuda", "false", Evidence.Undecided)]
    [TestCase("cpu", "true", Evidence.Differs)]
    [TestCase("cpu", "false", Evidence.Differs)]
    public void The_slope_of_relu_at_0_may_be_1_where_it_was_recorded_on_a_GPU(
        string device,
        string exact,
        Evidence evidence
    )
    {
        string[] rows =
        [
            $"device,{device}",
            $"exact,{exact}",
            "input,0,0,0,0",
            "output,0,0,0,0",
            "grad_output,0,0,0,1",
        ];
        Of(1, [.. rows, "grad.input,0,0,0,1"]).Evidence.ShouldBe(evidence);
        if (device == "cuda")
            Verification
                .Of(RecordedRun.Of(folder))
                .ShouldAllBe(r => exact == "true" ? r.Holds : r.IsUndecided, "ours beside it too");
        Of(1, [.. rows, "grad.input,0,0,0,0"]).Holds.ShouldBeTrue();
        Of(1, [.. rows[..2], "input,0,0,0,0", "output,0,0,0,1"]).Evidence.ShouldBe(Evidence.Differs);
    }

    // One unit, relu, every weight 1 and no bias; a row of two fields is a key.
    private Finding Of(int layers, params string[] rows)
    {
        using var scope = NewDisposeScope();
        var keys = new Dictionary<string, string>
        {
            ["mode"] = "relu",
            ["input_size"] = "1",
            ["hidden_size"] = "1",
            ["num_layers"] = $"{layers}",
            ["bias"] = "false",
            ["batch_first"] = "false",
            ["bidirectional"] = "false",
            ["dtype"] = "float32",
            ["device"] = "none",
            ["engine"] = "a stranger",
            ["engine_version"] = "1",
            ["source"] = "made by hand",
            ["exact"] = "true",
        };
        var given = rows.ToLookup(row => row.Split(',').Length == 2);
        foreach (var key in given[true])
            keys[key.Split(',')[0]] = key.Split(',')[1];
        File.WriteAllLines(
            Path.Combine(folder, "case.csv"),
            keys.Select(key => $"{key.Key},{key.Value}").Prepend("key,value")
        );
        var weights =
            from k in Enumerable.Range(0, layers)
            from kind in (string[])["ih", "hh"]
            select $"weight_{kind}_l{k},0,0,,1";
        File.WriteAllLines(Path.Combine(folder, "tensors.csv"), ["tensor,i,j,k,value", .. weights, .. given[false]]);
        return Verification.OfItself(RecordedRun.Of(folder));
    }
}
