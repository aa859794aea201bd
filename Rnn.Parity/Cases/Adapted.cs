using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>A module around another one, whose parameters are meant.</summary>
internal interface IAdapted
{
    /// <summary>The other one.</summary>
    Module Inner { get; }
}

/// <summary>A class whose forward is not nn.RNN's, and how to call it; without h_0 it is called with zeros.</summary>
internal sealed class Adapted<T> : Module<Tensor, Tensor?, (Tensor, Tensor)>, IAdapted
    where T : Module
{
    private readonly T own;
    private readonly RnnOptions options;
    private readonly Func<T, Tensor, Tensor, (Tensor, Tensor)> run;

    public Adapted(T own, RnnOptions options, Func<T, Tensor, Tensor, (Tensor, Tensor)> run)
        : base(own.GetType().Name)
    {
        (this.own, this.options, this.run) = (own, options, run);
        register_module(nameof(own), own);
    }

    public Module Inner => own;

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h_0)
    {
        var B = input.shape[options.BatchFirst ? 0 : 1];
        long[] shape = [options.NumLayers * options.NumDirections, B, options.HiddenSize];
        return run(own, input, h_0 ?? zeros(shape, input.dtype, input.device));
    }
}
