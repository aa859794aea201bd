using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>The four terms of one step in libtorch's own arithmetic.</summary>
/// <param name="Run">Whose weights and inputs they are.</param>
/// <param name="Layer">One direction of one of its layers.</param>
/// <param name="Turn">When the step is computed, from 0.</param>
/// <param name="Whole">Whether W_ih multiplies the whole sequence at once, or this step alone.</param>
internal sealed record Operands(Trace Run, RecordedLayer Layer, int Turn, bool Whole)
{
    /// <summary>h_{t−1}, (B, H), the run's own; a copy, as it was in the run: a product's bits depend on addresses.</summary>
    public Tensor H { get; } = Run.State(Layer, Turn - 1).clone();

    public Tensor X => Inputs.select(0, Time);

    public Tensor W_ih => Weight("weight_ih")!;

    public Tensor W_hh => Weight("weight_hh")!;

    public Tensor? B_ih => Weight("bias_ih");

    public Tensor? B_hh => Weight("bias_hh");

    public Tensor Input => Rows(x => x.mm(W_ih.t()));

    public Tensor FusedInput => B_ih is null ? Input : Rows(x => B_ih.addmm(x, W_ih.t()));

    public Tensor Recurrent => H.mm(W_hh.t());

    public Tensor FusedRecurrent => B_hh is null ? Recurrent : B_hh.addmm(H, W_hh.t());

    public Tensor? Biases => B_ih is null || B_hh is null ? null : B_ih.Plus(B_hh);

    // (T, B, I), or D·H features above the first layer
    private Tensor Inputs => Run.Inputs[Layer.Index];

    private int Time => Trace.Time(Layer, Turn);

    private Tensor? Weight(string kind) => Run.Weights.GetValueOrDefault($"{kind}_{Layer.Suffix}");

    // A product of T·B rows need not round as one of B rows does.
    private Tensor Rows(Func<Tensor, Tensor> product)
    {
        if (!Whole)
            return product(X);
        var (T, B) = (Inputs.shape[0], Inputs.shape[1]);
        return product(Inputs.reshape(T * B, -1)).narrow(0, Time * B, B);
    }
}
