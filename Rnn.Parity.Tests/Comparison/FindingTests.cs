using NUnit.Framework;
using Rnn.Parity.Comparison;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Comparison;

/// <summary>A finding and what it says; what a difference says.</summary>
[MutationOf("parity")]
public sealed class FindingTests
{
    [TestCase(Evidence.Differs, false)]
    [TestCase(Evidence.Undecided, false)]
    [TestCase(Evidence.Certified, true)]
    [TestCase(Evidence.Exact, true)]
    [TestCase(Evidence.Identical, true)]
    public void What_is_less_than_certified_does_not_hold(Evidence evidence, bool holds)
    {
        var finding = new Finding(evidence, "6 quantities") { Explanation = "x\n  why" };
        finding.Holds.ShouldBe(holds);
        finding.ToString().ShouldBe($"{evidence}: 6 quantities\nx\n  why");
        if (holds)
            finding.ShouldHold();
        else
            Should.Throw<ParityException>(finding.ShouldHold).Message.ShouldBe(finding.ToString());
    }

    [Test]
    public void Of_several_findings_the_greatest_is_told()
    {
        Finding Of(double a, double b, double c, int d) =>
            new(Evidence.Certified, "")
            {
                BoundRatio = a,
                ProbableRatio = b,
                WidestBound = c,
                TanhError = d,
            };
        var joined = new Finding(Evidence.Differs, "all").WithGreatest([Of(0.1, 0.4, 0.5, 8), Of(0.2, 0.3, 0.6, 0)]);
        joined.ShouldBeEquivalentTo(
            Of(0.2, 0.4, 0.6, 8) with
            {
                Evidence = Evidence.Differs,
                Detail = "all",
                Holds = false,
            }
        );
    }

    [TestCase(ScalarType.Float32, "x differs in 1 of 2 elements, worst at [1]: 0.3 against 0.1")]
    [TestCase(ScalarType.Float64, "x differs in 1 of 2 elements, worst at [1]: 0.30000000000000004 against 0.1")]
    public void A_value_has_the_digits_that_its_type_needs(ScalarType dtype, string text)
    {
        using var scope = NewDisposeScope();
        Tensor Of(double value) => tensor(new[] { 1, value }, dtype);
        TensorComparison.Compare("x", Of(0.1 + 0.2), Of(0.1)).ShouldNotBeNull().ToString().ShouldBe(text);
    }

    [TestCase(null, "1 against 2, no ULP distance")]
    [TestCase(3ul, "1 against 2, 3 ULP")]
    [TestCase(1_000_000ul, "1 against 2, 1000000 ULP")]
    [TestCase(1_000_001ul, "1 against 2")]
    public void A_distance_is_told_up_to_a_million(ulong? ulp, string text) =>
        new ElementDifference([0], 1, 2, ulp).ToString().ShouldBe(text);
}
