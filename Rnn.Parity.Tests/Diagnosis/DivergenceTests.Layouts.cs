using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Tests.Mutants;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Diagnosis;

/// <summary>Every way a sequence may lie, be packed or be dropped out of is traced as it was run.</summary>
public sealed partial class DivergenceTests
{
    [Test]
    public void The_same_bits_need_no_explanation(
        [ValueSource(typeof(RnnFactory), nameof(RnnFactory.Implementations))] RnnFactory f
    )
    {
        Explain(f, RnnFactory.RnnCell, bidirectional).ShouldBeNull();
        var whole = bidirectional with
        {
            Options = bidirectional.Options with { Order = EvaluationOrder.WholeSequence },
        };
        Explain(f, RnnFactory.Rnn, whole).ShouldBeNull();
    }

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public void Every_layout_is_traced_in_nn_RNN_as_well(bool batchFirst, bool unbatched)
    {
        var c = square with
        {
            B = unbatched ? 1 : 3,
            Unbatched = unbatched,
            Options = square.Options with { BatchFirst = batchFirst },
        };
        var wrong = new RnnFactory("planted", o => new PlantedRnn(o, new(s => s.Right(h: s.Back(2))) { Where = "l2" }));
        Explain(wrong, RnnFactory.Rnn, c)
            .ShouldNotBeNull()
            .ShouldStartWith(
                "began in layer 2, forward, step 1, row 0, unit 0: the term W_hh h has h_{t−2} for h_{t−1}: another function"
            );
    }

    [Test]
    public void A_packed_sequence_is_traced_by_itself() =>
        Explain(
                bidirectional with
                {
                    Lengths = [1, 5, 3],
                    EnforceSorted = false,
                },
                "l1",
                new(s => s.I == 2 ? s.Φ(s.Sum() - s.W.B_ih!) : s.Right())
            )
            .ShouldBe(
                "sequence 1 of the packed ones alone: began in layer 1, forward, step 2, row 0, unit 0: the term b_ih is missing, in this step alone: another function"
            );

    [Test]
    public void A_mistake_in_a_layout_is_traced_in_it() =>
        Explain(
                new("contiguous only", o => new SpoiltByLayout(o)),
                RnnFactory.RnnCell,
                square with
                {
                    InputLayout = Layout.Transposed,
                }
            )
            .ShouldNotBeNull()
            .ShouldStartWith("began in layer 0, forward, step 0, row 0, unit 0");

    // Reads an input that is not contiguous as if it were, in the order of memory.
    private sealed class SpoiltByLayout(RnnOptions options)
        : CellRnn<LinearRnnCell>(
            nameof(SpoiltByLayout),
            options,
            o => new LinearRnnCell(o.InputSize, o.HiddenSize, o.NonLinearity, o.Bias, o.Device, o.Dtype)
        )
    {
        protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
        {
            var h = h_0;
            var wrong = x.Data.is_contiguous() ? x : x with { Data = x.Data.Plus(1) };
            return [.. wrong.Steps(reverse).Select(x_t => h = Cell(suffix).call(x_t, h))];
        }
    }
}
