using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Mutants;

/// <summary>What a planted step can reach.</summary>
/// <param name="I">The turn, from 0.</param>
/// <param name="X">The inputs in the order of the turns.</param>
/// <param name="States">The states of the turns before.</param>
/// <param name="H_0">The state before the first turn.</param>
/// <param name="Suffix">The ending of the weights' names: l0, l0_reverse, l1, …</param>
/// <param name="Weights">The weights of that ending.</param>
/// <param name="Options">What the RNN was built with, without dropout in evaluation.</param>
/// <param name="Stack">The inputs of the stack in the order of the turns.</param>
public sealed record PlantedStep(
    int I,
    Tensor[] X,
    IReadOnlyList<Tensor> States,
    Tensor H_0,
    string Suffix,
    Func<string, ElmanWeights> Weights,
    RnnOptions Options,
    Tensor[] Stack
)
{
    /// <summary>The weights of this layer and direction.</summary>
    public ElmanWeights W { get; } = Weights(Suffix);

    /// <summary>The nonlinearity.</summary>
    public Func<Tensor, Tensor> Φ => Options.Activation;

    /// <summary>Whether the nonlinearity is tanh.</summary>
    public bool IsTanh => Options.NonLinearity == nn.NonLinearities.Tanh;

    /// <summary>Whether this is the last turn.</summary>
    public bool IsLast => I == X.Length - 1;

    /// <summary>Whether this layer reads the input of the stack.</summary>
    public bool IsFirstLayer => Suffix.StartsWith("l0", StringComparison.Ordinal);

    /// <summary>x_t.</summary>
    public Tensor X_t => X[I];

    /// <summary>h_{t−1}.</summary>
    public Tensor H => Back(1);

    /// <summary>h_{t−n}; h_0 where there is none.</summary>
    public Tensor Back(int n) => I < n ? H_0 : States[I - n];

    /// <summary>As nn.RNNCell has it: φ((W_ih x + b_ih) + (W_hh h + b_hh)).</summary>
    public Tensor Right(Tensor? x = null, Tensor? h = null, ElmanWeights? w = null) => Φ(Sum(x, h, w));

    /// <summary>(W_ih x + b_ih) + (W_hh h + b_hh).</summary>
    public Tensor Sum(Tensor? x = null, Tensor? h = null, ElmanWeights? w = null) => Input(x, w).Plus(Recurrent(h, w));

    /// <summary>W_ih x + b_ih.</summary>
    public Tensor Input(Tensor? x = null, ElmanWeights? w = null) => Affine(x ?? X_t, (w ?? W).W_ih, (w ?? W).B_ih);

    /// <summary>W_hh h + b_hh.</summary>
    public Tensor Recurrent(Tensor? h = null, ElmanWeights? w = null) => Affine(h ?? H, (w ?? W).W_hh, (w ?? W).B_hh);

    /// <summary>W x + b for every row x of X: X Wᵀ + b.</summary>
    public static Tensor Affine(Tensor x, Tensor W, Tensor? b)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(W);
        return b is null ? x.mm(W.t()) : b.addmm(x, W.t());
    }
}
