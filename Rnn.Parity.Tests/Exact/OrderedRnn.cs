using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Exact;

/// <summary>The order in which the terms of a_t are added.</summary>
public enum AdditionOrder
{
    /// <summary>From the last term to the first: the biases, the recurrence from its last unit, the input.</summary>
    Backwards,

    /// <summary>By halves: the sum of the first half of the terms plus that of the second half.</summary>
    ByHalves,

    /// <summary>Every second term, then the others.</summary>
    Interleaved,
}

/// <summary>
/// The RNN whose a_t is added term by term, without a matrix product, in an order that no library takes; autograd's sums
/// then have other orders too.
/// </summary>
public sealed class OrderedRnn : ElmanRnn
{
    private readonly AdditionOrder order;

    /// <summary>Builds the RNN from its options, of which the order of evaluation has no effect.</summary>
    public OrderedRnn(RnnOptions options, AdditionOrder order)
        : base(nameof(OrderedRnn), options)
    {
        this.order = order;
        RegisterWeights();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
    {
        ArgumentNullException.ThrowIfNull(x);
        var (W_ih, W_hh, b_ih, b_hh) = Weights(suffix);
        var turns = new Turns(x, h_0, reverse);
        var (states, h) = (new List<Tensor>(), h_0);
        for (var i = 0; i < turns.Count; i++)
        {
            // h_t = φ(Σ_j W_ih,j x_t,j + Σ_k W_hh,k h_{t−1},k + b_ih + b_hh)
            List<Tensor> terms = [.. Products(turns.X(i), W_ih), .. Products(turns.Previous(h, i), W_hh)];
            if (b_ih is not null && b_hh is not null)
                terms.AddRange([b_ih.expand_as(terms[0]), b_hh.expand_as(terms[0])]);
            h = Options.Activation(Sum(terms));
            states.Add(h);
        }
        return states;
    }

    // v_j W_·j for each column j: (B, 1) · (H)
    private static IEnumerable<Tensor> Products(Tensor v, Tensor W) =>
        v.unbind(1).Zip(W.unbind(1), static (v_j, W_j) => v_j.unsqueeze(1) * W_j);

    private Tensor Sum(List<Tensor> terms) =>
        order switch
        {
            AdditionOrder.Backwards => Enumerable.Reverse(terms).Aggregate(static (a, b) => a.Plus(b)),
            AdditionOrder.Interleaved => terms
                .Where((_, i) => i % 2 == 0)
                .Concat(terms.Where((_, i) => i % 2 == 1))
                .Aggregate(static (a, b) => a.Plus(b)),
            _ => Halves(terms),
        };

    private static Tensor Halves(List<Tensor> terms) =>
        terms.Count == 1 ? terms[0] : Halves(terms[..(terms.Count / 2)]).Plus(Halves(terms[(terms.Count / 2)..]));
}
