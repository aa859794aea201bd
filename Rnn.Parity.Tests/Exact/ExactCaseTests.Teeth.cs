using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Exact;
using Rnn.Parity.Jobs;
using Rnn.Parity.Numerics;
using Rnn.Parity.Tests.Mutants;
using Rnn.Parity.Tests.Scratch;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Exact;

public sealed partial class ExactCaseTests
{
    private static readonly Dictionary<string, Plant> mistakes = new()
    {
        ["none"] = new(s => s.Right()),
        ["W_hh transposed"] = new(s => s.Right(w: s.W with { W_hh = s.W.W_hh.t() })),
        ["no recurrence"] = new(s => s.Right(h: s.H_0)),
        ["h_{t-2}"] = new(s => s.Right(h: s.Back(2))),
        ["b_hh left out"] = new(s => s.Right(w: s.W with { B_hh = null })),
        ["b_ih doubled"] = new(s => s.Right(w: s.W with { B_hh = s.W.B_ih })),
        ["W_hh negated"] = new(s => s.Right(w: s.W with { W_hh = -s.W.W_hh })),
        ["h_0 ignored"] = new(s => s.I == 0 ? s.Right(h: s.H_0.Times(0)) : s.Right()),
        ["no nonlinearity at the last step"] = new(s => s.I == s.X.Length - 1 ? s.Sum() : s.Right()),
        ["units permuted"] = new(s => s.Right(h: s.H.flip(1))),
        ["reads backwards"] = new() { ReadsBackwards = true },
    };

    private static IEnumerable<string> Mistakes => mistakes.Keys;

    private static readonly int step = 7 * Extent.Every(11, "exact cases in which a mistake is planted");

    private static readonly Lazy<IReadOnlyList<RnnCase>> planted = new(() =>
        [.. Enumerable.Range(0, ExactCase.Count).Where(i => i % step == 1).Select(i => ExactCase.Find($"e1-{i:D4}")!)]
    );

    /// <summary>The converse of theorems 1 to 3: another function has other numbers. Without this they would prove nothing.</summary>
    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_has_other_numbers_in_every_case(string mistake)
    {
        var runner = ExactRunner.Autograd(
            new(mistake, o => new PlantedRnn(o, mistakes[mistake])),
            EvaluationOrder.PerStep
        );
        var (caught, cases) = (0, 0);
        foreach (var c in planted.Value.Where(c => IsVisible(mistake, c)))
        {
            using var scope = NewDisposeScope();
            var tensors = c.Draw();
            var finding = ExactJob.Compare(runner, c, tensors, IntegerOracle.Of(c, tensors), CPU);
            cases++;
            caught += finding.Evidence == Evidence.Differs ? 1 : 0;
        }
        TestContext.Out.WriteLine($"{mistake}: {caught} of {cases} cases differ");
        cases.ShouldBeGreaterThan(0);
        if (mistake == "none")
            caught.ShouldBe(0);
        else
            caught.ShouldBe(cases);
    }

    [Test]
    public void A_runner_without_output_is_not_exact_unless_it_is_a_backward_pass_alone()
    {
        using var scope = NewDisposeScope();
        var c = ExactCase.Find("e1-0000")!;
        var tensors = c.Draw();
        var whole = ExactRunner.Autograd(RnnFactory.Rnn, EvaluationOrder.WholeSequence);
        var gradients = whole with
        {
            Run = (c, t, device) =>
                whole.Run(c, t, device).Where(q => q.Key.StartsWith("grad.", StringComparison.Ordinal)).ToDictionary(),
        };
        var exact = IntegerOracle.Of(c, tensors);
        ExactJob.Compare(gradients, c, tensors, exact, CPU).Evidence.ShouldBe(Evidence.Differs);
        var alone = gradients with { BackwardAlone = true };
        ExactJob.Compare(alone, c, tensors, exact, CPU).Evidence.ShouldBe(Evidence.Exact);
    }

    // Without biases there is none to forget.
    private static bool IsVisible(string mistake, RnnCase c) =>
        Dtypes.Computed.Contains(c.Options.Dtype!.Value) && (c.Options.Bias || !mistake.StartsWith('b'));

    /// <summary>Theorem 2: the threshold suffices, and half of it does not.</summary>
    [TestCase(ScalarType.BFloat16, 4)]
    [TestCase(ScalarType.Float16, 8)]
    [TestCase(ScalarType.Float32, 16)]
    [TestCase(ScalarType.Float64, 32)]
    public void The_threshold_is_as_derived(ScalarType dtype, int threshold)
    {
        Saturation.Threshold(dtype).ShouldBe(threshold);
        // 1 − tanh s < 2e⁻²ˢ is below half the spacing below 1; at s / 2 it is not, for the exact 1 − tanh = 2 / (e²ˣ + 1)
        var half = Math.ScaleB(1, -FloatFormat.Of(dtype).SignificantBits - 1);
        (2 * Math.Exp(-2.0 * threshold)).ShouldBeLessThan(half);
        (2 / (Math.Exp(threshold) + 1)).ShouldBeGreaterThan(half);
    }

    /// <summary>Theorem 2's hypothesis about tanh, on this machine: ±1 from the threshold on, 0 at 0, in kernels of any width.</summary>
    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Float16)]
    [TestCase(ScalarType.Float32)]
    [TestCase(ScalarType.Float64)]
    public void Tanh_is_saturated_from_the_threshold_on(ScalarType dtype)
    {
        if (!Dtypes.Computed.Contains(dtype))
            Assert.Ignore($"libtorch does not compute an RNN in {dtype} on this machine's CPU");
        using var scope = NewDisposeScope();
        var s = Saturation.Threshold(dtype);
        var greatest = dtype == ScalarType.Float16 ? 65504 : 1e38;
        // every number of the type within the first octave if there are at most 2¹⁶, the multiples of s, and large ones
        var x = Enumerable
            .Range(0, 1 << 16)
            .Select(i => s * (1 + Math.ScaleB(i, -16)))
            .Concat(Enumerable.Range(1, 1 << 12).Select(k => (double)k * s))
            .Concat(Enumerable.Range(1, 126).Select(e => Math.ScaleB(1, e)))
            .Where(v => v >= s && v <= greatest)
            .ToArray();
        for (var width = 1; width <= 40; width++)
            foreach (var sign in (double[])[1, -1])
            {
                var part = width == 1 ? x : x[(1 << 16)..][..width];
                var values = BackwardPassTests.Values(tensor(part.Select(v => sign * v).ToArray()).type(dtype).tanh());
                values.ShouldAllBe(v => v == sign);
            }
        BackwardPassTests.Values(zeros(40, dtype).tanh()).ShouldAllBe(v => v == 0);
    }

    /// <summary>Theorem 2 refuses what it does not cover, and says where.</summary>
    [Test]
    public void Tanh_between_0_and_the_threshold_is_refused([Values(-15, 1, 15)] int x)
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("tanh", "one unit", 1, 1, new(1, 1, Bias: false));
        var one = ones(1, 1, 1);
        CaseTensors Tensors(double x) =>
            new(
                new Dictionary<string, Tensor> { ["weight_ih_l0"] = ones(1, 1), ["weight_hh_l0"] = ones(1, 1) },
                one.Times(x),
                one.Times(0),
                one,
                one
            );
        IntegerOracle
            .Refuses(c, Tensors(x))
            .ShouldBe(
                $"a at [0, 0, 0] of l0 is {x}, where tanh is not exact; 0 or at least 16 in magnitude is expected"
            );
        foreach (var (argument, h, slope) in ((int, int, int)[])[(0, 0, 1), (16, 1, 0), (-17, -1, 0)])
        {
            var exact = IntegerOracle.Of(c, Tensors(argument));
            BackwardPassTests.Values(exact["output"]).ShouldBe([h]);
            // a_bar = φ'(a) (1 + 1)
            BackwardPassTests.Values(exact["grad.input"]).ShouldBe([2.0 * slope]);
        }
    }
}
