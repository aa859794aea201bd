using static TorchSharp.torch;

namespace Rnn.Scratch.Notebooks;

/// <summary>
/// Document 002's order of addition, for any sizes: the same function as nn.RNN, in another order of rounding.
/// <para>h_t = φ(((W_ih x_t + b_ih) + W_hh h_{t−1}) + b_hh)</para>
/// </summary>
public sealed class LeftToRightRnn : ElmanRnn
{
    /// <summary>Builds the RNN from its options, of which the order of evaluation has no effect.</summary>
    public LeftToRightRnn(RnnOptions options)
        : base(nameof(LeftToRightRnn), options)
    {
        RegisterWeights();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
    {
        var (W_ih, W_hh, b_ih, b_hh) = Weights(suffix);
        var turns = new Turns(x, h_0, reverse);
        var (states, h) = (new List<Tensor>(), h_0);
        for (var i = 0; i < turns.Count; i++)
        {
            // h_t = φ(((x_t W_ihᵀ + b_ih) + h_{t−1} W_hhᵀ) + b_hh)
            var z_t = Add(Add(turns.X(i).mm(W_ih.t()), b_ih).Plus(turns.Previous(h, i).mm(W_hh.t())), b_hh);
            h = Options.Activation(z_t);
            states.Add(h);
        }
        return states;
    }

    private static Tensor Add(Tensor z, Tensor? b) => b is null ? z : z.Plus(b);
}
