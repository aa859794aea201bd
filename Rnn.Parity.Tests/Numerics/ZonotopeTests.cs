using NUnit.Framework;
using Rnn.Parity.Numerics;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Numerics;

/// <summary>Theorem 2 of docs/certified.md: errors travel with their signs, and nothing that they can be is lost.</summary>
[MutationOf("parity")]
public sealed class ZonotopeTests
{
    // What float64 may leave out of sums of a few small integers is counted, and is this small.
    private static readonly double small = Math.ScaleB(1, -44);

    [Test]
    public void Errors_of_two_steps_are_what_a_hand_computes()
    {
        using var scope = NewDisposeScope();
        // W = (1 2; −2 4), e = (1, 2), and D = I in the first step, (1, ½) in the second
        var Wt = tensor(new double[] { 1, -2, 2, 4 }).view(2, 2);
        var errors = Zonotope.Zero(2).Step([1, 1], [1, 2], 4).Through(Wt);
        errors.Radius().ShouldBe([5, 10], small);
        // |W D W| e = |(−1 6; −6 4)| e, where magnitudes would give (1 2; 2 4) (5, 5) = (15, 30)
        errors.Step([1, 0.5], [0, 0], 4).Through(Wt).Radius().ShouldBe([13, 14], small);
    }

    [Test]
    public void An_error_is_no_smaller_for_a_negative_slope() =>
        Zonotope.Zero(1).Step([1], [1], 4).Step([-2], [3], 4).Radius()[0].ShouldBe(5, small);

    // Of a product γ_{H+2} of the radius may be left out, γ_3 = 3u + … here; a step adds u of the radius.
    [Test]
    public void What_float64_leaves_out_is_an_error_too()
    {
        using var scope = NewDisposeScope();
        var errors = Zonotope.Zero(1).Step([1], [1], 4).Through(ones(1, 1, float64));
        // 1 + 3u and more, rounded to the next float64 but one
        errors.Radius()[0].ShouldBe(1 + Math.ScaleB(1, -51));
        errors.Step([1], [0], 4).Radius()[0].ShouldBe(1 + Math.ScaleB(1, -51));
        errors.Step([0], [0], 4).Radius()[0].ShouldBe(0);
    }

    // W W D W = (−13 14; −22 4), and of (1, 2) at most (41, 30); a box of (13, 14) on the way would give (41, 82)
    [Test]
    public void Twice_the_kept_blocks_are_no_box_yet()
    {
        using var scope = NewDisposeScope();
        var Wt = tensor(new double[] { 1, -2, 2, 4 }).view(2, 2);
        Zonotope After(int kept) =>
            Zonotope
                .Zero(2)
                .Step([1, 1], [1, 2], kept)
                .Through(Wt)
                .Step([1, 0.5], [0, 0], kept)
                .Through(Wt)
                .Step([1, 1], [0, 0], kept)
                .Through(Wt);
        After(1).Radius().ShouldBe([41, 30], 10 * small);
        After(1).Step([1, 1], [0, 0], 1).Radius().ShouldBe(After(64).Radius(), 10 * small);
        After(1).Step([1, 1], [0, 0], 1).Through(Wt).Radius().ShouldBe([101, 202], 40 * small);
    }

    // 2³⁵ / (rows H³) and 2²⁹ / (16 rows H²)
    [TestCase(1, 1024, false, 32)]
    [TestCase(2, 1024, false, 16)]
    [TestCase(4, 512, false, 64)]
    [TestCase(16, 256, false, 64)]
    [TestCase(16, 256, true, 32)]
    [TestCase(32, 256, true, 16)]
    [TestCase(64, 128, true, 32)]
    [TestCase(1, 1024, true, 32)]
    [TestCase(64, 1024, false, 4)]
    [TestCase(1, 1, true, 64)]
    public void So_many_blocks_are_kept_as_work_and_memory_allow(int rows, int size, bool stored, int kept) =>
        Zonotope.Kept(rows, size, stored).ShouldBe(kept);

    [Test]
    public void An_infinite_error_stays_infinite()
    {
        using var scope = NewDisposeScope();
        Zonotope
            .Zero(2)
            .Step([0, 0], [double.PositiveInfinity, 1], 4)
            .Through(tensor(new[] { 1.0, 0, 0, 1 }).view(2, 2))
            .Radius()
            .ShouldBe([double.PositiveInfinity, double.PositiveInfinity]);
    }

    [Test]
    public void Errors_that_become_a_box_are_not_lost([Values(1, 4, 64)] int kept)
    {
        using var scope = NewDisposeScope();
        // a quarter turn changes no error's size, so that after 20 steps every one of them is still there
        var Wt = tensor(new double[] { 0, -1, 1, 0 }).view(2, 2);
        var errors = Zonotope.Zero(2);
        for (var t = 0; t < 20; t++)
            errors = errors.Through(Wt).Step([1, -1], [1, 1], kept);
        errors.Radius().ShouldBe([20, 20], 20 * small);
    }

    // x_t = D W x_{t−1} + e_t with every e_t at a corner of its box: no run leaves the radius, whatever is kept.
    [Test]
    public void No_run_leaves_the_radius_however_few_blocks_are_kept([Values(4, 64)] int kept)
    {
        using var scope = NewDisposeScope();
        const int H = 5;
        var random = new Random(1);
        double[] Draw(int n, double size) =>
            [.. Enumerable.Range(0, n).Select(_ => size * (2 * random.NextDouble() - 1))];
        var W = Draw(H * H, 0.9);
        var Wt = tensor(W).view(H, H).t().contiguous();
        var errors = Zonotope.Zero(H);
        var runs = Enumerable.Range(0, 200).Select(_ => new double[H]).ToArray();
        var reached = 0.0;
        for (var t = 0; t < 40; t++)
        {
            var (D, e) = (Draw(H, 1), Draw(H, 1).Select(Math.Abs).ToArray());
            errors = errors.Through(Wt).Step(D, e, kept);
            var radius = errors.Radius();
            for (var r = 0; r < runs.Length; r++)
            {
                var x = runs[r];
                runs[r] =
                [
                    .. Enumerable
                        .Range(0, H)
                        .Select(i =>
                            D[i] * Enumerable.Range(0, H).Sum(k => W[i * H + k] * x[k])
                            + (random.Next(2) == 0 ? e[i] : -e[i])
                        ),
                ];
                for (var i = 0; i < H; i++)
                {
                    Math.Abs(runs[r][i]).ShouldBeLessThanOrEqualTo(radius[i]);
                    reached = Math.Max(reached, Math.Abs(runs[r][i]) / radius[i]);
                }
            }
        }
        reached.ShouldBeGreaterThan(0.9);
    }
}
