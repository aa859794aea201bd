using NUnit.Framework;
using Rnn.Parity.Cli;
using Rnn.Parity.Comparison;
using Rnn.Parity.Reporting;
using Shouldly;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>A difference of two runs keeps what speaks against either of them.</summary>
[MutationOf("parity")]
public sealed class DoubtTests
{
    [Test]
    public void A_doubt_and_the_widest_bound_of_either_run_are_kept()
    {
        var difference = new Finding(Evidence.Differs, "bits");
        var sure = new Finding(Evidence.Certified, "") { BoundRatio = 0.1, WidestBound = 0.5 };
        var finding = Parity.Certified(
            difference,
            [("a", sure), ("b", sure with { Doubt = "far", WidestBound = 0.2 })]
        );
        (finding.Evidence, finding.Holds, finding.Doubt, finding.WidestBound).ShouldBe(
            (Evidence.Certified, true, "b: far", 0.5)
        );
        Parity.Certified(difference, [("a", sure), ("b", difference)]).Holds.ShouldBeFalse();
    }

    [Test]
    public void Verify_says_what_it_doubts()
    {
        using var writer = new StringWriter();
        var finding = new Finding(Evidence.Certified, "") { BoundRatio = 0.1, Doubt = "h is far" };
        var check = new Check(Section.Recorded, "-", "folder", "run", "engine", "cpu", () => finding);
        new Report(Terminal.Of(writer)).WriteRecorded([new Result(check, finding)]);
        writer.ToString().ShouldContain("certified: largest error 10 %");
        writer.ToString().ShouldContain(", doubtful");
        writer.ToString().ShouldContain("doubtful: h is far");
    }
}
