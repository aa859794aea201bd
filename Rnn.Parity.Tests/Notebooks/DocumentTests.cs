using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>The five documents: their numbers computed again, and their differences proven.</summary>
[NonParallelizable]
[MutationOf("scratch", "variants")]
public sealed class DocumentTests
{
    [TestCaseSource(nameof(Published))]
    public void Published_numbers_follow(Func<Finding> check)
    {
        var finding = check();
        finding.Elements.ShouldBeGreaterThan(0);
        finding.Holds.ShouldBeTrue(finding.Explanation);
    }

    [TestCaseSource(nameof(Differences))]
    public void Differences_are_proven(Func<Finding> prove)
    {
        var finding = prove();
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Holds.ShouldBeTrue(finding.Explanation);
    }

    [Test]
    public void Document_001_is_off_by_0_166_from_the_true_recurrence() =>
        DifferenceChecks.NoRecurrence().Detail.ShouldContain("off by up to 0.166 from nn.RNN");

    [Test]
    public void A_wrong_digit_is_named()
    {
        using var scope = NewDisposeScope();
        var values = PublishedNumbers.Of("003").Values("w_e");
        values[2] += 0.0001f;
        var finding = PublishedNumbers.Of("003").Compare(("w_e", tensor(values)));
        finding.Holds.ShouldBeFalse();
        finding.Explanation.ShouldBe("document 003\n  w_e[2, 0] is 0.4516, 0.4515 is published");
    }

    [Test]
    public void A_missing_number_is_named()
    {
        using var scope = NewDisposeScope();
        PublishedNumbers
            .Of("003")
            .Compare(("w_e", zeros(3)))
            .Explanation.ShouldBe("document 003\n  w_e has 3 values, document 003 prints 4");
    }

    [Test]
    public void A_state_of_002_outside_its_bound_is_named()
    {
        Recurrence002.Certify([1, 1], [3, 6]).Holds.ShouldBeTrue();
        Recurrence002.Certify([1, 1], [3, double.NaN]).Holds.ShouldBeFalse();
        Should.Throw<ArgumentException>(() => Recurrence002.Certify([1, 1], [3, 6, 9]));
        var finding = Recurrence002.Certify([1, 1], [3, 6.0001]);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation.ShouldStartWith("document 002: state 1 is 6.0001, off by 0.0001 where at most");
    }

    /// <summary>What the main job reads from the fixtures is what the documents' code draws from its seeds.</summary>
    [TestCaseSource(nameof(Cases))]
    public void A_recorded_case_is_what_the_document_draws(RnnCase c)
    {
        using var scope = NewDisposeScope();
        var recorded = DocumentCases.All.Single(r => r.Id == c.Id);
        (recorded with { Refine = c.Refine }).ShouldBe(c with { Options = c.Options with { Dtype = c.Dtype } });
        var (actual, expected) = (recorded.Draw(), c.Draw());
        foreach (var (name, weight) in expected.Weights)
            TensorComparison.Compare(name, actual.Weights[name], weight).ShouldBeNull();
        TensorComparison.Compare("input", actual.Input, expected.Input).ShouldBeNull();
        TensorComparison.Compare("grad_output", actual.GradOutput, expected.GradOutput).ShouldBeNull();
        TensorComparison.Compare("grad_h_n", actual.GradH_n, expected.GradH_n).ShouldBeNull();
        if (!c.WithoutInitialState)
            TensorComparison.Compare("h_0", actual.H_0!, expected.H_0!).ShouldBeNull();
    }

    [Test]
    public void Every_document_is_recorded() =>
        DocumentCases.All.Select(c => c.Id).ShouldBe(NotebookCases.All.Select(c => c.Id));

    private static IEnumerable<TestCaseData> Cases() =>
        NotebookCases.All.Select(c => new TestCaseData(c).SetArgDisplayNames(c.Id));

    private static IEnumerable<TestCaseData> Published() =>
        PublishedChecks.All.Select(c => new TestCaseData(c.check).SetArgDisplayNames(c.document, c.by));

    private static IEnumerable<TestCaseData> Differences() =>
        DifferenceChecks.All.Select(d => new TestCaseData(d.prove).SetArgDisplayNames(d.name));
}
