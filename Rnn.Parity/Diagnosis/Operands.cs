namespace Rnn.Parity.Diagnosis;

/// <summary>The four terms of one step in libtorch's own arithmetic.</summary>
/// <param name="Pass">Whose weights and inputs they are.</param>
/// <param name="Time">The step of the sequence.</param>
/// <param name="H">h_{t−1}, (B, H), the run's own.</param>
/// <param name="Whole">Whether W_ih multiplies the whole sequence at once, or this step alone.</param>
internal sealed record Operands(Pass Pass, int Time, Tensor H, bool Whole)
{
    /// <summary>The operands of turn i. The state is a copy, as it was in the run: a product's bits depend on addresses.</summary>
    public static Operands Of(Pass pass, int i, bool whole) =>
        new(pass, pass.Time(i), pass.State(i - 1).clone(), whole);

    public Tensor X => Pass.Input.select(0, Time);

    public Tensor W_ih => Pass.Weight("weight_ih")!;

    public Tensor W_hh => Pass.Weight("weight_hh")!;

    public Tensor? B_ih => Pass.Weight("bias_ih");

    public Tensor? B_hh => Pass.Weight("bias_hh");

    /// <summary>W_ih x.</summary>
    public Tensor Input => Rows(x => x.mm(W_ih.t()));

    /// <summary>W_ih x + b_ih in one operation, where there is a bias.</summary>
    public Tensor FusedInput => B_ih is null ? Input : Rows(x => B_ih.addmm(x, W_ih.t()));

    /// <summary>W_hh h.</summary>
    public Tensor Recurrent => H.mm(W_hh.t());

    /// <summary>W_hh h + b_hh in one operation, where there is a bias.</summary>
    public Tensor FusedRecurrent => B_hh is null ? Recurrent : B_hh.addmm(H, W_hh.t());

    /// <summary>The sum of the biases, where there are any.</summary>
    public Tensor? Biases => B_ih is null || B_hh is null ? null : B_ih.Plus(B_hh);

    // A product of T·B rows need not round as one of B rows does.
    private Tensor Rows(Func<Tensor, Tensor> product)
    {
        if (!Whole)
            return product(X);
        var (T, B) = (Pass.Input.shape[0], Pass.Input.shape[1]);
        return product(Pass.Input.reshape(T * B, -1)).narrow(0, Time * B, B);
    }
}
