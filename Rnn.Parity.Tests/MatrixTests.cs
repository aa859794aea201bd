using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Matrix;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

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
        Gate.Rejects(Case(t => With(t, "bias_hh_l0", _ => t.Weights["bias_ih_l0"])))
            .ShouldBe("b_ih and b_hh are equal: they can be swapped");
        Gate.Rejects(Case(t => With(t, "weight_ih_l0", _ => t.Weights["weight_hh_l0"]), I: 5))
            .ShouldBe("W_ih and W_hh are equal: they can be swapped");
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

    // Every pair of two options' values is in some case.
    [Test, Pairwise]
    public void Every_pair_of_options_is_identical(
        [Values(1, 2, 3)] int layers,
        [Values] NonLinearities nonLinearity,
        [Values] bool bias,
        [Values] bool batchFirst,
        [Values] bool bidirectional,
        [Values(0, 0.3)] double dropout,
        [Values] bool evaluation,
        [Values] Layout inputLayout,
        [Values] Layout stateLayout,
        [Values] bool packed,
        [Values] bool withoutInitialState,
        [Values(ScalarType.Float32, ScalarType.Float64)] ScalarType dtype
    )
    {
        var c = new RnnCase(
            "pairwise",
            "every pair of options",
            4,
            3,
            new(5, 7, layers, nonLinearity, bias, batchFirst, dropout, bidirectional, Dtype: dtype)
        )
        {
            Evaluation = evaluation,
            InputLayout = inputLayout,
            StateLayout = stateLayout,
            Lengths = packed ? [2, 4, 3] : null,
            EnforceSorted = !packed,
            WithoutInitialState = withoutInitialState,
            SecondOrder = true,
        };
        foreach (var result in MatrixJob.Run(c, CPU))
            result.Identical.ShouldBeTrue(result.Explanation);
    }

    [Test]
    public void Gradients_are_identical_whichever_are_asked_for(
        [Values] bool input,
        [Values] bool h_0,
        [Values] bool weight,
        [Values] bool bias
    )
    {
        using var scope = NewDisposeScope();
        var tensors = new RnnCase("partial", "some gradients", 2, 2, new(3, 4)).Draw();
        var expected = Gradients(RnnFactory.Rnn);
        expected.Count.ShouldBe((input ? 1 : 0) + (h_0 ? 1 : 0) + (weight ? 2 : 0) + (bias ? 2 : 0));
        foreach (var factory in RnnFactory.Implementations)
        {
            var finding = ParityCheck.Compare(factory.Name, Gradients(factory), expected);
            finding.Evidence.ShouldBe(Evidence.Identical, finding.Explanation);
        }

        Dictionary<string, Tensor> Gradients(RnnFactory factory)
        {
            using var rnn = factory.Build(new(3, 4));
            rnn.load_state_dict(tensors.Weights.ToDictionary());
            foreach (var (name, parameter) in rnn.named_parameters())
                parameter.requires_grad = name.StartsWith("weight", StringComparison.Ordinal) ? weight : bias;
            var (x, h) = (tensors.Input.clone().requires_grad_(input), tensors.H_0!.clone().requires_grad_(h_0));
            var (output, _) = rnn.call(x, h);
            IEnumerable<(string name, Tensor tensor)> leaves =
            [
                ("input", x),
                ("h_0", h),
                .. rnn.named_parameters().Select(p => (p.name, (Tensor)p.parameter)),
            ];
            var asked = leaves.Where(leaf => leaf.tensor.requires_grad).ToList();
            output.requires_grad.ShouldBe(asked.Count > 0, factory.Name);
            return asked.Count == 0
                ? []
                : autograd
                    .grad([output.sum()], [.. asked.Select(leaf => leaf.tensor)])
                    .Zip(asked)
                    .ToDictionary(g => g.Second.name, g => g.First);
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

    [Test]
    public void The_gate_rejects_a_layer_that_is_dead_behind_others_that_are_not()
    {
        var relu = Case() with { Options = new(3, 5, 3, NonLinearities.ReLU) };
        var dead = relu with
        {
            Refine = t =>
                With(With(t, "bias_ih_l1", b => b * 0 - 100), "bias_ih_l2", b => b * 0 + 100) with
                {
                    Input = t.Input + 10,
                },
        };
        Gate.Rejects(dead).ShouldBe("a whole layer is saturated or dead");
    }

    [Test]
    public void Packed_sequences_differ_in_length_and_are_unsorted_where_they_may_be()
    {
        var packed = MatrixCase.Sample(1, 7).Where(c => c.Lengths is not null).ToList();
        packed.Count.ShouldBeGreaterThan(20);
        packed.ShouldAllBe(c => c.Lengths!.Distinct().Count() > 1);
        packed.ShouldAllBe(c => c.EnforceSorted == c.Lengths!.SequenceEqual(c.Lengths!.OrderDescending()));
    }

    private static RnnCase Case(Func<CaseTensors, CaseTensors>? refine = null, long I = 3) =>
        new("gate", "for the gate", 4, 3, new RnnOptions(I, 5)) { Refine = refine ?? (t => t) };

    private static CaseTensors With(CaseTensors t, string name, Func<Tensor, Tensor> change) =>
        t with
        {
            Weights = t.Weights.ToDictionary(w => w.Key, w => w.Key == name ? change(w.Value) : w.Value),
        };
}
