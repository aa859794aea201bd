using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rnn.Scratch.Notebooks;

/// <summary>
/// Document 004: an unbatched Elman cell with one bias and an output layer without the tanh that its text gives it.
/// <para>h_t = tanh(W_ih x_t + b_ih + W_hh h_{t−1}), y_t = W_ho h_t + b_ho</para>
/// </summary>
public sealed class OutputHeadRnn : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
{
    private readonly Parameter W_ih;
    private readonly Parameter W_hh;
    private readonly Parameter W_ho;
    private readonly Parameter b_ih;
    private readonly Parameter b_ho;

    /// <summary>Sets every parameter to zero; the document then calls <see cref="ResetParameters"/>.</summary>
    public OutputHeadRnn(long inputDim, long hiddenDim, long outputDim, ScalarType? dtype = null)
        : base(nameof(OutputHeadRnn))
    {
        CheckInput.Size(nameof(inputDim), inputDim);
        CheckInput.Size(nameof(hiddenDim), hiddenDim);
        CheckInput.Size(nameof(outputDim), outputDim);
        using var scope = NewDisposeScope();
        W_ih = nn.Parameter(zeros(hiddenDim, inputDim, dtype));
        W_hh = nn.Parameter(zeros(hiddenDim, hiddenDim, dtype));
        W_ho = nn.Parameter(zeros(outputDim, hiddenDim, dtype));
        b_ih = nn.Parameter(zeros(hiddenDim, dtype));
        b_ho = nn.Parameter(zeros(outputDim, dtype));
        RegisterComponents();
        foreach (var parameter in parameters())
            parameter.DetachFromDisposeScope();
    }

    /// <summary>Draws every parameter uniformly from [−1, 1].</summary>
    public void ResetParameters(Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        foreach (var parameter in parameters())
            parameter.uniform_(-1, 1, generator);
    }

    /// <summary>Takes one step: x (I) and h (H) give y (O) and the next state (H).</summary>
    public override (Tensor, Tensor) forward(Tensor x, Tensor h)
    {
        CheckInput.Shape(nameof(x), x, [W_ih.shape[1]], "the RNN");
        CheckInput.Shape(nameof(h), h, [W_ih.shape[0]], "the RNN");
        using var scope = NewDisposeScope();
        // h_t = tanh((W_ih x_t + b_ih) + W_hh h_{t−1})
        var next = tanh(mv(W_ih, x).Plus(b_ih).Plus(mv(W_hh, h)));
        // y_t = W_ho h_t + b_ho
        var y = mv(W_ho, next).Plus(b_ho);
        return scope.MoveToOuter(y, next);
    }
}
