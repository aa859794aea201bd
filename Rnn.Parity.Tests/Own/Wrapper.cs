using Rnn.Scratch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Own;

/// <summary>A class of one's own around an RNN, whose parameters are its own.</summary>
public abstract class Wrapper<T> : Module<Tensor, Tensor?, (Tensor, Tensor)>
    where T : ElmanRnn
{
    protected Wrapper(T rnn)
        : base(nameof(Wrapper<T>))
    {
        Rnn = rnn;
        register_module("rnn", rnn);
    }

    public T Rnn { get; }

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
        Rnn.named_parameters(recurse);
}
