using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>A class whose forward is not nn.RNN's, and how to call it; without h_0 it is called with zeros.</summary>
internal sealed class Adapted : Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly RnnOptions options;
    private readonly Func<Tensor, Tensor, (Tensor, Tensor)> run;

    public Adapted(Module own, RnnOptions options, Func<Tensor, Tensor, (Tensor, Tensor)> run)
        : base(own.GetType().Name)
    {
        (Inner, this.options, this.run) = (own, options, run);
        register_module(nameof(own), own);
    }

    public Module Inner { get; }

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h_0)
    {
        var B = input.shape[options.BatchFirst ? 0 : 1];
        long[] shape = [options.NumLayers * options.NumDirections, B, options.HiddenSize];
        return run(input, h_0 ?? zeros(shape, input.dtype, input.device));
    }
}
