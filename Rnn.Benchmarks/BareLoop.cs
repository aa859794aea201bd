using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rnn.Benchmarks;

/// <summary>
/// The least that an RNN in .NET can do with nn.RNN's graph: one layer as libtorch's calls alone, with nothing checked, named or
/// disposed of.
/// </summary>
internal sealed class BareLoop : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly Parameter[] weights;

    public BareLoop(long I, long H)
        : base(nameof(BareLoop))
    {
        long[][] shapes =
        [
            [H, I],
            [H, H],
            [H],
            [H],
        ];
        weights = Array.ConvertAll(shapes, shape => nn.Parameter(rand(shape) / Math.Sqrt(H)));
        foreach (var (i, weight) in weights.Index())
            register_parameter($"weight{i}", weight);
    }

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h_0)
    {
        var (T, B, h) = (input.size(0), input.size(1), h_0!.squeeze(0));
        var all = nn.functional.linear(input.view(T * B, -1), weights[0], weights[2]);
        var states = all.view(T, B, -1).unbind(0);
        for (var t = 0; t < states.Length; t++)
            states[t] = h = nn.functional.linear(h, weights[1], weights[3]).add_(states[t]).tanh_();
        return (stack(states, 0), h.unsqueeze(0));
    }
}
