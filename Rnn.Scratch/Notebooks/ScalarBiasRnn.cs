using static TorchSharp.torch;

namespace Rnn.Scratch.Notebooks;

/// <summary>
/// Document 001: weights as nn.RNN has them, but one scalar bias for all units, a softmax head whose result is
/// thrown away, and no recurrence: every row of the input starts from the same state.
/// <para>a = tanh((h waaᵀ + baa) + (x waxᵀ + bax))</para>
/// </summary>
public sealed class ScalarBiasRnn : IDisposable
{
    private readonly Tensor way;
    private readonly Tensor bay;
    private readonly long hiddenSize;

    /// <summary>Draws the weights uniformly from [0, 1), in the document's order: waa, baa, wax, bax, way, bay.</summary>
    public ScalarBiasRnn(long inputSize, long hiddenSize)
    {
        CheckInput.Size(nameof(inputSize), inputSize);
        CheckInput.Size(nameof(hiddenSize), hiddenSize);
        this.hiddenSize = hiddenSize;
        Waa = rand(hiddenSize, hiddenSize);
        Baa = rand(1);
        Wax = rand(hiddenSize, inputSize);
        Bax = rand(1);
        way = rand(hiddenSize, hiddenSize);
        bay = rand(1);
    }

    /// <summary>The state's weight, (H, H).</summary>
    public Tensor Waa { get; }

    /// <summary>The state's bias, (1): one number for all units.</summary>
    public Tensor Baa { get; }

    /// <summary>The input's weight, (H, I).</summary>
    public Tensor Wax { get; }

    /// <summary>The input's bias, (1): one number for all units.</summary>
    public Tensor Bax { get; }

    /// <summary>Evaluates every row of x (N, I) from one state (1, H), or from zero.</summary>
    /// <returns>a, (N, H), and its last row, (H).</returns>
    /// <exception cref="ArgumentException">
    /// x has no I features, or h has more than one element: the document asks whether the tensor is true.
    /// </exception>
    public (Tensor a, Tensor last) Forward(Tensor x, Tensor? h = null)
    {
        CheckInput.Rows(nameof(x), x, Wax.shape[1], "the RNN");
        if (h is { } given && given.numel() != 1)
            throw new ArgumentException($"h has {given.numel()} elements, and only a tensor of one is true or false");
        using var scope = NewDisposeScope();
        var state = h is null || h.item<float>() == 0 ? zeros(1, hiddenSize) : h;
        CheckInput.Shape(nameof(h), state, [1, hiddenSize], "the RNN");
        // a = tanh((h waaᵀ + baa) + (x waxᵀ + bax))
        var h_val = mm(state, Waa.t()).Plus(Baa);
        var x_val = mm(x, Wax.t()).Plus(Bax);
        var a = tanh(h_val.Plus(x_val));
        _ = softmax(mm(a, way.t()).Plus(bay), 1);
        return scope.MoveToOuter(a, a.select(0, -1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in new[] { Waa, Baa, Wax, Bax, way, bay })
            tensor.Dispose();
    }
}
