using System.Globalization;
using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Jobs;
using Rnn.Parity.Machine;
using Rnn.Parity.Tests.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Cases;

/// <summary>The matrix: its cases are stable, and a sample of it is identical.</summary>
[NonParallelizable]
[MutationOf("scratch")]
public sealed class MatrixTests
{
    private const int SampleStep = 25;

    [TestCaseSource(nameof(Sample))]
    public void A_sample_of_the_cases_is_identical(string id)
    {
        var c = MatrixCase.Find(id)!;
        if (!Dtypes.Computed.Contains(c.Options.Dtype!.Value))
            Assert.Ignore($"libtorch does not compute an RNN in {c.Options.Dtype} on this machine's CPU");
        var results = MatrixJob.Run(c, CPU);
        results.Count.ShouldBe(6);
        foreach (var result in results)
            result.Result.Finding.Establishes(Evidence.Identical);
    }

    [Test]
    public void A_case_can_be_found_by_its_id_alone()
    {
        var c = MatrixCase.Sample(1, 600).Last();
        c.Id.ShouldBe("m1-1800");
        var again = MatrixCase.Find("m1-1800").ShouldNotBeNull();
        again.ToString().ShouldBe(c.ToString());
        again.Options.ShouldBe(c.Options);
        again.Rejections.ShouldBe(c.Rejections);
    }

    [TestCase("m1-02400")]
    [TestCase("m1-42")]
    [TestCase("m-0042")]
    [TestCase("004-cell")]
    [TestCase("")]
    public void What_is_not_an_id_is_not_found(string id) => MatrixCase.Find(id).ShouldBeNull();

    [Test]
    public void Another_seed_is_another_draw() =>
        MatrixCase.Find("m2-1800")!.ToString().ShouldNotBe(MatrixCase.Find("m1-1800")!.ToString());

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
            result.Result.Finding.Establishes(Evidence.Identical);
    }

    [Test]
    public void Another_thread_draws_when_this_one_has_drawn()
    {
        var c = MatrixCase.Sample(1, 100).First(c => c.Options.HasDropout && !c.Evaluation);
        var (tensors, rnn) = (c.Draw(), RnnFactory.Rnn.New(c.Options));
        Action[] draws =
        [
            () => RnnFactory.Rnn.New(c.Options),
            () => RnnRun.Forward(rnn, c, tensors.Input, tensors.H_0),
            () => GlobalGenerator.Seeded(c).Dispose(),
        ];
        foreach (var draw in draws)
        {
            using var begun = new ManualResetEventSlim();
            Task another;
            using (GlobalGenerator.Alone())
            {
                another = Task.Run(() =>
                {
                    begun.Set();
                    draw();
                });
                begun.Wait(TimeSpan.FromMinutes(1)).ShouldBeTrue();
                another.Wait(100).ShouldBeFalse();
            }
            another.Wait(TimeSpan.FromMinutes(1)).ShouldBeTrue();
        }
    }

    // steps prime to the numbers of values of the options, so that each value is there
    private static IEnumerable<TestCaseData> Sample() =>
        Extent.Sample(
            Enumerable.Range(0, MatrixCase.Count / SampleStep).Select(i => $"m1-{i * SampleStep:D4}"),
            every: 7,
            "cases of the sample of the matrix"
        );

    [Test]
    [Long("draws 343 cases")]
    public void Packed_sequences_differ_in_length_and_are_unsorted_where_they_may_be()
    {
        var packed = MatrixCase.Sample(1, 7).Where(c => c.Lengths is not null).ToList();
        packed.Count.ShouldBeGreaterThan(20);
        packed.ShouldAllBe(c => c.Lengths!.Distinct().Count() > 1);
        packed.ShouldAllBe(c => c.EnforceSorted == c.Lengths!.SequenceEqual(c.Lengths!.OrderDescending()));
    }

    [Test]
    public void Each_run_is_identical_to_its_reference_on_one_thread_and_on_two([Values(1, 2)] int threads)
    {
        using var both = new Threads(threads);
        get_num_threads().ShouldBe(threads);
        var c = new RnnCase("threads", "products that more than one thread computes", 12, 16, new(200, 256));
        var results = MatrixJob.Run(c, CPU);
        results.Count.ShouldBe(6);
        results.ShouldAllBe(r => r.Result.Holds);
    }

    [TestCase("de-DE")]
    [TestCase("tr-TR")]
    public void Results_do_not_depend_on_the_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var expected = In("");
            expected.Count.ShouldBeGreaterThan(6);
            In(culture).ShouldBe(expected);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        static List<string> In(string culture)
        {
            CultureInfo.CurrentCulture = new(culture);
            return
            [
                .. MatrixJob
                    .Run(MatrixCase.Find("m1-0001")!, CPU)
                    .Select(r => r.Result.Finding)
                    .Concat(Notebooks.PublishedChecks.All.Select(published => published.check()))
                    .Select(finding => finding.ToString()),
            ];
        }
    }
}
