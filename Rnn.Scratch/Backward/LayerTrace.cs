using static TorchSharp.torch;

namespace Rnn.Scratch.Backward;

/// <summary>What one layer read and computed in one direction, step by step in the order of computation.</summary>
/// <param name="X">(T, B, I), or (T, B, D·H) above the first layer: x_1 … x_T, or x_T … x_1 in reverse.</param>
/// <param name="H">(T + 1, B, H): h_0, then the state after each step.</param>
public sealed record LayerTrace(Tensor X, Tensor H)
{
    /// <summary>(T, B, H): what each step made.</summary>
    internal Tensor States => H.narrow(0, 1, X.size(0));

    /// <summary>(T, B, H): what each step began with.</summary>
    internal Tensor Previous => H.narrow(0, 0, X.size(0));
}
