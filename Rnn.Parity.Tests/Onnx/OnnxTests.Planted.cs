using Google.Protobuf;
using NUnit.Framework;
using Rnn.Parity.Cli.Onnx;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using Shouldly;
using static Rnn.Parity.Tests.Onnx.OnnxModels;

namespace Rnn.Parity.Tests.Onnx;

/// <summary>A model that is not what ran differs, and the mistake is named.</summary>
public sealed partial class OnnxTests
{
    [Test]
    public void A_model_whose_weights_are_others_than_those_that_ran_differs_and_is_named()
    {
        var ran = TwoLayers();
        var (right, values) = (new OnnxModel("ran", ran), new OnnxModel("ran", ran.Clone()).Run());
        Verification.OfItself(right.Recorded(values)).Evidence.ShouldBe(Evidence.Certified);

        var transposed = ran.Clone();
        var R = transposed.Graph.Initializer.Single(t => t.Name == "R0");
        var numbers = Drawn("R0", 2, 5, 5).FloatData;
        R.RawData = ByteString.Empty;
        foreach (var d in new[] { 0, 25 })
        foreach (var i in Enumerable.Range(0, 5))
        foreach (var j in Enumerable.Range(0, 5))
            R.FloatData.Add(numbers[d + 5 * j + i]);
        var finding = Verification.OfItself(new OnnxModel("other", transposed).Recorded(values));
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation!.ShouldContain("by ONNX Runtime ");
        finding.Explanation!.ShouldContain("h in layer 0, forward, step 0");
        finding.Explanation!.ShouldContain("the term W_hh h has W_hh transposed: another function");
    }

    [Test]
    public void A_bias_that_did_not_run_is_named_and_so_is_another_final_state()
    {
        var ran = OneLayer("reverse", "Relu");
        var values = new OnnxModel("ran", ran.Clone()).Run();
        for (var i = 5; i < 10; i++)
            ran.Graph.Initializer[2].FloatData[i] = 0;
        var without = new OnnxModel("without", ran.Clone()).Run();
        var whole = new OnnxModel("whole", OneLayer("reverse", "Relu"));
        Verification.OfItself(whole.Recorded(without)).Explanation!.ShouldContain("the term b_hh is missing");

        values["Y_h0"] = values["Y0"][6];
        Verification.OfItself(whole.Recorded(values)).Explanation!.ShouldContain("it is the state of step 0, not of 6");
    }
}
