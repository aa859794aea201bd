using NUnit.Framework;
using Rnn.Parity.Comparison;
using Rnn.Parity.Tests.Mutants;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Diagnosis;

public sealed partial class DivergenceTests
{
    private const string OneFeatureAfterTheOther = "each product added up one feature after the other";

    private static IEnumerable<TestCaseData> OrdersOfRounding()
    {
        yield return Row("l1_reverse", LeftToRight, "added from left to right");
        yield return Row(
            "l1",
            s => s.Φ(s.X_t.mm(s.W.W_ih.t()).Plus(s.H.mm(s.W.W_hh.t())).Plus(s.W.B_ih!.Plus(s.W.B_hh!))),
            "the products first, then the sum of the biases"
        );
        yield return Row(
            "l0",
            s => s.Φ(s.X_t.mm(s.W.W_ih.t()).Plus(s.W.B_ih!.Plus(s.W.B_hh!)).Plus(s.H.mm(s.W.W_hh.t()))),
            "W_ih x, then the sum of the biases, then W_hh h"
        );
        yield return Row(
            "l0_reverse",
            s => s.Φ(s.X_t.mm(s.W.W_ih.t()).Plus(s.H.mm(s.W.W_hh.t())).Plus(s.W.B_ih!).Plus(s.W.B_hh!)),
            "the products first, then b_ih, then b_hh"
        );
        yield return Row(
            "l1",
            s => s.Φ(OneByOne(s.X_t, s.W.W_ih).Plus(s.W.B_ih!).Plus(OneByOne(s.H, s.W.W_hh).Plus(s.W.B_hh!))),
            OneFeatureAfterTheOther
        );
        yield return Row(
            "l1",
            s =>
                s.Φ(
                    s.X_t.@double()
                        .mm(s.W.W_ih.@double().t())
                        .Plus(s.H.@double().mm(s.W.W_hh.@double().t()))
                        .Plus(s.W.B_ih!.@double().Plus(s.W.B_hh!.@double()))
                        .@float()
                ),
            "added in float64 and rounded once"
        );
    }

    private static IEnumerable<TestCaseData> LowerPrecisions()
    {
        foreach (var format in Enum.GetValues<LowerPrecisionOf>())
        {
            var name = format == LowerPrecisionOf.BFloat16 ? "bfloat16" : "TF32 or float16";
            yield return Row("l1", Rounded(format, true, false), $"the operands of W_ih x are rounded to {name}");
            yield return Row(
                "l1_reverse",
                Rounded(format, false, true),
                $"the operands of W_hh h are rounded to {name}"
            );
            yield return Row(
                "l0",
                Rounded(format, true, true),
                $"the operands of W_ih x and W_hh h are rounded to {name}"
            );
            yield return Row("l0", s => Round(s.Right(), format), $"h_t is rounded to {name}");
        }
        const LowerPrecisionOf bfloat16 = LowerPrecisionOf.BFloat16;
        yield return Row("l0", s => s.Right(x: Round(s.X_t, bfloat16)), "x in W_ih x is rounded to bfloat16");
        yield return Row("l1", s => s.Right(h: Round(s.H, bfloat16)), "h in W_hh h is rounded to bfloat16");
        yield return Row(
            "l1",
            s =>
                s.Φ(
                        s.X_t.type(ScalarType.BFloat16)
                            .mm(s.W.W_ih.type(ScalarType.BFloat16).t())
                            .Plus(s.W.B_ih!.type(ScalarType.BFloat16))
                            .Plus(
                                s.H.type(ScalarType.BFloat16)
                                    .mm(s.W.W_hh.type(ScalarType.BFloat16).t())
                                    .Plus(s.W.B_hh!.type(ScalarType.BFloat16))
                            )
                    )
                    .@float(),
            "the step is computed in bfloat16"
        );
    }

    public enum LowerPrecisionOf
    {
        TF32,
        BFloat16,
        Float16,
    }

    private static Func<PlantedStep, Tensor> Rounded(LowerPrecisionOf format, bool input, bool recurrent) =>
        s =>
            s.Right(
                input ? Round(s.X_t, format) : null,
                recurrent ? Round(s.H, format) : null,
                s.W with
                {
                    W_ih = input ? Round(s.W.W_ih, format) : s.W.W_ih,
                    W_hh = recurrent ? Round(s.W.W_hh, format) : s.W.W_hh,
                }
            );

    private static Tensor Round(Tensor x, LowerPrecisionOf format) =>
        format switch
        {
            LowerPrecisionOf.BFloat16 => Catalogue.BFloat16(x),
            LowerPrecisionOf.Float16 => Catalogue.Float16(x),
            _ => Catalogue.TF32(x),
        };

    private static Tensor Float32(Tensor x) => x.@float().@double();

    private static Tensor LeftToRight(PlantedStep s) =>
        s.Φ(s.X_t.mm(s.W.W_ih.t()).Plus(s.W.B_ih!).Plus(s.H.mm(s.W.W_hh.t())).Plus(s.W.B_hh!));

    private static Tensor OneByOne(Tensor x, Tensor W)
    {
        var sum = x.narrow(1, 0, 1) * W.select(1, 0);
        for (var k = 1; k < W.shape[1]; k++)
            sum = sum.Plus(x.narrow(1, k, 1) * W.select(1, k));
        return sum;
    }

    // As the reference BLAS does, which neither blocks nor fuses; an optimised one does both.
    private static bool ProductsAreOneByOne()
    {
        using var scope = NewDisposeScope();
        var tensors = wide.Draw();
        var (x, W) = (tensors.Input.select(0, 0), tensors.Weights["weight_ih_l0"]);
        return TensorComparison.Compare("", OneByOne(x, W), x.mm(W.t())) is null;
    }
}
