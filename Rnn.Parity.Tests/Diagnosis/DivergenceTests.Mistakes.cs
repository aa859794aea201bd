using NUnit.Framework;
using Rnn.Parity.Tests.Mutants;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Diagnosis;

public sealed partial class DivergenceTests
{
    private static IEnumerable<TestCaseData> Mistakes()
    {
        const string first = ", step 0, row 0, unit 0: ";
        const string last = ", step 4, row 0, unit 0: ";

        yield return Row(
            bidirectional,
            "l0",
            s => s.Φ(s.Sum() - s.X_t.mm(s.W.W_ih.t())),
            $"layer 0, forward{first}the term W_ih x is missing"
        );
        yield return Row(
            bidirectional,
            "l0_reverse",
            s => s.Right(w: s.W with { B_ih = null }),
            $"layer 0, reverse{last}the term b_ih is missing"
        );
        yield return Row(
            bidirectional,
            "l1_reverse",
            s => s.Right(w: s.W with { B_hh = null }),
            $"layer 1, reverse{last}the term b_hh is missing"
        );
        yield return Row(
            bidirectional,
            "l1",
            s => s.Φ(s.Input().Plus(s.W.B_hh!)),
            $"layer 1, forward{first}the term W_hh h is missing"
        );
        yield return Row(
            bidirectional,
            "l2",
            s => s.Φ(s.Sum().Plus(s.W.B_hh!)),
            $"layer 2, forward{first}the term b_hh is doubled"
        );
        yield return Row(
            square,
            "l1",
            s => s.Right(w: s.W with { B_ih = -s.W.B_ih! }),
            $"layer 1, forward{first}the term b_ih is negated"
        );
        yield return Row(
            square,
            "l1",
            s => s.Right(w: s.W with { B_ih = null, B_hh = null }),
            $"layer 1, forward{first}the terms b_ih and b_hh are missing"
        );
        yield return Row(
            bidirectional,
            "l1_reverse",
            s => s.Right(w: s.W with { W_hh = s.W.W_hh.t() }),
            $"layer 1, reverse{last}the term W_hh h has W_hh transposed"
        );
        yield return Row(
            square,
            "l1",
            s => s.Right(w: s.W with { W_ih = s.W.W_ih.t() }),
            $"layer 1, forward{first}the term W_ih x has W_ih transposed"
        );
        yield return Row(
            bidirectional with
            {
                Options = bidirectional.Options with { InputSize = 9 },
            },
            "l0",
            s => s.Right(w: s.W with { W_ih = s.W.W_ih.reshape(9, 6).t() }),
            $"layer 0, forward{first}W_ih is reshaped where it is to be transposed"
        );
        yield return Row(
            square,
            "l1",
            s => s.Right(w: s.W with { W_ih = s.W.W_hh, W_hh = s.W.W_ih }),
            $"layer 1, forward{first}W_ih and W_hh have changed places"
        );
        yield return Row(
            bidirectional,
            "l1_reverse",
            s => s.Right(h: s.Back(2)),
            "layer 1, reverse, step 3, row 0, unit 0: the term W_hh h has h_{t−2} for h_{t−1}"
        );
        yield return Row(
            bidirectional,
            "l1",
            s => s.Right(h: s.H_0),
            "layer 1, forward, step 1, row 0, unit 0: the term W_hh h has h_0 for h_{t−1}"
        );
        yield return Row(
            bidirectional,
            "l1",
            s => Overwriting(s, [0, 1, 2, 3, 4, 5]),
            "layer 1, forward, step 0, row 0, unit 1: h is overwritten while it is read: a unit has h_t of the units before it in W_hh h"
        );
        yield return Row(
            square,
            "l0",
            s => Overwriting(s, [5, 4, 3, 2, 1, 0]),
            $"layer 0, forward{first}h is overwritten while it is read: a unit has h_t of the units after it in W_hh h"
        );
        yield return Row(
            bidirectional,
            "l1",
            s => s.I == 0 ? s.Right(h: zeros(s.H.shape, s.H.dtype)) : s.Right(),
            $"layer 1, forward{first}the term W_hh h has zero for h_0"
        );
        yield return Row(
            square,
            "l1",
            s => s.Right(x: s.X[(s.I + s.X.Length - 1) % s.X.Length]),
            $"layer 1, forward{first}the term W_ih x has x_{{t−1}} for x_t, and the last x for the first"
        );
        yield return Row(
            square,
            "l0",
            s => s.Right(x: s.X[(s.I + 1) % s.X.Length]),
            $"layer 0, forward{first}the term W_ih x has x_{{t+1}} for x_t, and the first x for the last"
        );
        yield return Row(
            bidirectional,
            "l1_reverse",
            s => s.Right(x: s.I == 0 ? zeros(s.X_t.shape, s.X_t.dtype) : s.X[s.I - 1]),
            $"layer 1, reverse{last}the term W_ih x has x_{{t+1}} for x_t"
        );
        yield return Row(
            bidirectional,
            "l1",
            s => s.Right(x: s.Stack[s.I]),
            $"layer 1, forward{first}the term W_ih x has the input of the stack for the layer below"
        );
        yield return Row(
            bidirectional,
            "l2_reverse",
            s => s.Right(x: cat([s.X_t.narrow(1, 6, 6), s.X_t.narrow(1, 0, 6)], 1)),
            $"layer 2, reverse{last}the term W_ih x has the directions of the layer below in the wrong order"
        );
        yield return Row(bidirectional, "l1", s => s.Sum(), $"layer 1, forward{first}the nonlinearity is missing");
        yield return Row(
            square,
            "l1",
            s => s.Right(w: s.W with { W_ih = s.W.W_ih.t(), W_hh = s.W.W_hh.t() }),
            $"layer 1, forward{first}W_ih and W_hh are transposed"
        );
        yield return Row(
            bidirectional,
            "l0",
            s => s.Right(w: s.W with { W_ih = s.W.W_ih.t().reshape(s.W.W_ih.shape) }),
            $"layer 0, forward{first}W_ih is reshaped where it is to be transposed"
        );
        yield return Row(
            bidirectional,
            "l0",
            s => s.Right(w: s.W with { W_ih = s.W.W_ih.t().reshape(s.W.W_ih.shape), W_hh = s.W.W_hh.t() }),
            $"layer 0, forward{first}W_ih and W_hh, which are to be transposed, are reshaped"
        );
        yield return Row(
            bidirectional,
            "l0",
            s => s.Sum().minimum(ones(1, s.X_t.dtype)).maximum(ones(1, s.X_t.dtype).neg()),
            $"layer 0, forward{first}the nonlinearity is hardtanh"
        );
        yield return Row(
            bidirectional,
            "l1_reverse",
            s => s.Φ(s.Right()),
            $"layer 1, reverse{last}the nonlinearity is applied twice"
        );
        yield return Row(square, "l1", s => s.Sum().relu(), $"layer 1, forward{first}the nonlinearity is relu");
        yield return Row(
            square,
            "l1",
            s => s.Φ(s.Φ(s.Input()).Plus(s.Recurrent())),
            $"layer 1, forward{first}the nonlinearity is applied to W_ih x + b_ih as well"
        );
        yield return Row(
            square,
            "l1",
            s => s.Right(w: s.W with { B_hh = s.W.B_ih }),
            $"layer 1, forward{first}the term b_hh is b_ih again"
        );
        yield return Row(
            square,
            "l1",
            s => s.Right(w: s.W with { B_hh = null }).Plus(s.W.B_hh!),
            $"layer 1, forward{first}the term b_hh is added after the nonlinearity"
        );
        yield return Row(
            square,
            "l1",
            s => s.Right(w: s.W with { B_ih = s.W.B_ih!.narrow(0, 0, 1).expand(6) }),
            "layer 1, forward, step 0, row 0, unit 1: the term b_ih is that of unit 0 in every unit"
        );
    }

    // One unit after the other, each in place of h_{t−1}.
    private static Tensor Overwriting(PlantedStep s, int[] order)
    {
        var units = s.H.unbind(1);
        foreach (var unit in order)
            units[unit] = s.Right(h: stack(units, 1)).select(1, unit);
        return stack(units, 1);
    }
}
