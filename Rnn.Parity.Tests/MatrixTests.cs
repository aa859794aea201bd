using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Matrix;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>The matrix: its cases are stable, its gate rejects what proves nothing, and a sample of it is identical.</summary>
[NonParallelizable]
public sealed class MatrixTests
{
    private const int SampleStep = 24;

    [TestCaseSource(nameof(Sample))]
    public void A_sample_of_the_cases_is_identical(RnnCase c)
    {
        if (!Dtypes.Computed.Contains(c.Options.Dtype!.Value))
            Assert.Ignore($"libtorch does not compute an RNN in {c.Options.Dtype} on this machine's CPU");
        var results = MatrixJob.Run(c, CPU);
        results.Count.ShouldBe(6);
        foreach (var result in results)
            result.Identical.ShouldBeTrue(result.Explanation);
    }

    [Test]
    public void A_case_can_be_found_by_its_id_alone()
    {
        var c = MatrixCase.Find("m1-1800")!;
        var again = MatrixCase.Find(c.Id).ShouldNotBeNull();
        again.ToString().ShouldBe(c.ToString());
        again.Options.ShouldBe(c.Options);
        again.Rejections.ShouldBe(c.Rejections);
    }

    [TestCase("m1-2400")]
    [TestCase("m1-42")]
    [TestCase("m-0042")]
    [TestCase("004-cell")]
    [TestCase("")]
    public void What_is_not_an_id_is_not_found(string id) => MatrixCase.Find(id).ShouldBeNull();

    [Test]
    public void Another_seed_is_another_draw() =>
        MatrixCase.Find("m2-1800")!.ToString().ShouldNotBe(MatrixCase.Find("m1-1800")!.ToString());

    [Test]
    public void The_gate_rejects_sizes_of_one_unless_they_are_the_point()
    {
        Gate.Rejects(Case() with { T = 1 }).ShouldStartWith("T or B is one");
        Gate.Rejects(Case() with { B = 1 }).ShouldStartWith("T or B is one");
        Gate.Rejects(Case() with { WithoutInitialState = true }).ShouldStartWith("T or B is one, or there is no h_0");
        Gate.Rejects(Case() with { T = 1, Degenerate = true }).ShouldBeNull();
        Gate.Rejects(Case() with { Options = new(3, 1) }).ShouldBe("one unit: a transposed W_hh is the same");
    }

    [Test]
    public void The_gate_rejects_tensors_that_hide_a_mistake()
    {
        Gate.Rejects(Case()).ShouldBeNull();
        Gate.Rejects(Case(t => t with { H_0 = t.H_0! * 0 })).ShouldBe("h_0 is zero everywhere");
        Gate.Rejects(Case(t => With(t, "weight_hh_l0", w => w + w.t()))).ShouldBe("W_hh is symmetric");
        Gate.Rejects(Case(t => With(t, "weight_ih_l0", w => w.narrow(0, 0, 1).expand(5, 3).contiguous())))
            .ShouldBe("two units have the same W_ih: they can be swapped");
        Gate.Rejects(Case(t => t with { Input = t.Input * 1e6 }))
            .ShouldBe("more than half of the states are saturated or dead");
    }

    [Test]
    public void A_gradient_is_there_only_where_it_was_asked_for()
    {
        using var scope = NewDisposeScope();
        foreach (var factory in RnnFactory.Implementations)
        {
            using var rnn = factory.Build(new(3, 4));
            foreach (var parameter in rnn.parameters())
                parameter.requires_grad = false;
            var (output, h_n) = rnn.call(zeros(2, 2, 3), null);
            output.requires_grad.ShouldBeFalse();
            h_n.requires_grad.ShouldBeFalse();
        }
    }

    [Test]
    public void One_thread_or_two_give_identical_runs([Values(1, 2)] int threads)
    {
        var before = get_num_threads();
        set_num_threads(threads);
        try
        {
            var c = new RnnCase("threads", "products that more than one thread computes", 12, 16, new(200, 256));
            MatrixJob.Run(c, CPU).ShouldAllBe(r => r.Identical);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [TestCase("de-DE")]
    [TestCase("tr-TR")]
    public void Results_do_not_depend_on_the_culture(string culture)
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        System.Globalization.CultureInfo.CurrentCulture = new(culture);
        try
        {
            var results = MatrixJob.Run(MatrixCase.Find("m1-0001")!, CPU);
            results.ShouldAllBe(r => r.Identical);
            MatrixReport.Count(results).ShouldBe("1 cases, 1 identical, 0 differ");
            Documents.PublishedChecks.All.ShouldAllBe(check => check.Run().Holds);
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    private static IEnumerable<TestCaseData> Sample() =>
        MatrixCase.Sample(1, SampleStep).Select(c => new TestCaseData(c).SetArgDisplayNames(c.Id));

    private static RnnCase Case(Func<CaseTensors, CaseTensors>? refine = null) =>
        new("gate", "for the gate", 4, 3, new RnnOptions(3, 5)) { Refine = refine ?? (t => t) };

    private static CaseTensors With(CaseTensors t, string name, Func<Tensor, Tensor> change) =>
        t with
        {
            Weights = t.Weights.ToDictionary(w => w.Key, w => w.Key == name ? change(w.Value) : w.Value),
        };
}
