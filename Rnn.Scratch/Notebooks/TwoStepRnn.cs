using static TorchSharp.torch;

namespace Rnn.Scratch.Notebooks;

/// <summary>
/// Document 000: two unrolled steps over raw tensors, from a state of zero.
/// <para>y_0 = tanh(x_0 wx + b), y_1 = tanh(y_0 wy + x_1 wx + b)</para>
/// </summary>
/// <remarks>Its weights lie as (in, out), the transpose of nn.RNN's, and it has one bias.</remarks>
public sealed class TwoStepRnn : IDisposable
{
    /// <summary>Draws wx (I, H) and wy (H, H) from a normal distribution; b (1, H) is zero.</summary>
    public TwoStepRnn(long inputs, long neurons, Generator? generator = null)
    {
        CheckInput.Size(nameof(inputs), inputs);
        CheckInput.Size(nameof(neurons), neurons);
        Wx = randn(inputs, neurons, generator: generator);
        Wy = randn(neurons, neurons, generator: generator);
        B = zeros(1, neurons);
    }

    /// <summary>The input's weight, (I, H).</summary>
    public Tensor Wx { get; }

    /// <summary>The state's weight, (H, H).</summary>
    public Tensor Wy { get; }

    /// <summary>The bias, (1, H).</summary>
    public Tensor B { get; }

    /// <summary>Takes both steps; x_0 and x_1 are (B, I), y_0 and y_1 are (B, H).</summary>
    public (Tensor y0, Tensor y1) Forward(Tensor x0, Tensor x1)
    {
        CheckInput.Rows(nameof(x0), x0, Wx.shape[0], "the RNN");
        CheckInput.Shape(nameof(x1), x1, x0.shape, "the RNN");
        using var scope = NewDisposeScope();
        // y_0 = tanh(x_0 wx + b)
        var y0 = tanh(mm(x0, Wx).Plus(B));
        // y_1 = tanh(y_0 wy + x_1 wx + b)
        var y1 = tanh(mm(y0, Wy).Plus(mm(x1, Wx)).Plus(B));
        return scope.MoveToOuter(y0, y1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Wx.Dispose();
        Wy.Dispose();
        B.Dispose();
    }
}
