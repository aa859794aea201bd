using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>Random shapes and magnitudes, from denormals to near overflow: no correct run is ever rejected.</summary>
public sealed class CertificationProperties
{
    // How many runs are tried; the environment may ask for more.
    private static readonly int tries = int.TryParse(
        Environment.GetEnvironmentVariable("RNNPARITY_PROPERTY_TESTS"),
        out var asked
    )
        ? asked
        : Extent.Of(400, 40, "random runs that are certified");

    /// <summary>Theorems 1 to 4 of docs/certified.md, and the probabilistic bound.</summary>
    [Test]
    public void No_correct_run_is_rejected()
    {
        var (certified, open, doubted) = (0, 0, 0);
        Prop.ForAll(
                Cases().ToArbitrary(),
                c =>
                {
                    using var scope = NewDisposeScope();
                    var tensors = c.Draw();
                    foreach (var factory in (RnnFactory[])[RnnFactory.Rnn, RnnFactory.RnnCell])
                    {
                        var finding = Certification.Of(c, tensors, RnnRun.Of(factory, c, tensors, CPU));
                        finding.Differing.ShouldBe(0, $"{c} by {factory}: {finding.Explanation}");
                        doubted += finding.Doubt is null ? 0 : 1;
                        (certified, open) =
                            finding.Evidence == Evidence.Certified ? (certified + 1, open) : (certified, open + 1);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(tries).WithReplay(1, 3));
        TestContext.Out.WriteLine(
            $"{certified + open} runs: none rejected, {certified} certified, {open} without a bound that says something"
        );
        certified.ShouldBeGreaterThan(tries, "most runs have a bound");
        doubted.ShouldBe(0, "numbers that are drawn at random round independently");
    }

    private static Gen<RnnCase> Cases() =>
        from T in Gen.Choose(1, 6)
        from B in Gen.Choose(1, 3)
        from I in Size()
        from H in Gen.Choose(1, 9)
        from L in Gen.Choose(1, 2)
        from φ in Gen.Elements(NonLinearities.Tanh, NonLinearities.ReLU)
        from bias in Gen.Elements(true, false)
        from bidirectional in Gen.Elements(true, false)
        from dtype in Gen.Elements(ScalarType.Float32, ScalarType.Float64)
        from weights in Exponent(dtype)
        from inputs in Exponent(dtype)
        from states in Exponent(dtype)
        from cotangents in Exponent(dtype)
        from seed in Gen.Choose(0, int.MaxValue)
        select new RnnCase(
            $"property-{seed}",
            "at random",
            T,
            B,
            new(I, H, L, φ, bias, false, 0, bidirectional, null, dtype)
        )
        {
            Refine = t => Scaled(t, weights, inputs, states, cotangents),
        };

    // λ√n is less than n from some 80 terms on: only then does the probabilistic bound differ.
    private static Gen<int> Size() => Gen.Frequency((4, Gen.Choose(1, 9)), (1, Gen.Choose(100, 300)));

    // Half of them of ordinary size, the rest anywhere that the type reaches.
    private static Gen<int> Exponent(ScalarType dtype) =>
        Gen.OneOf(Gen.Choose(-6, 2), dtype == ScalarType.Float32 ? Gen.Choose(-150, 127) : Gen.Choose(-1075, 1023));

    // By a power of two, in two steps, since one alone may overflow.
    private static CaseTensors Scaled(CaseTensors t, int weights, int inputs, int states, int cotangents)
    {
        return t with
        {
            Weights = t.Weights.ToDictionary(w => w.Key, w => By(w.Value, weights)),
            Input = By(t.Input, inputs),
            H_0 = By(t.H_0!, states),
            GradOutput = By(t.GradOutput, cotangents),
            GradH_n = By(t.GradH_n, cotangents),
        };

        static Tensor By(Tensor x, int exponent) =>
            x.Times(Math.ScaleB(1, exponent / 2)).Times(Math.ScaleB(1, exponent - exponent / 2));
    }
}
