using Rnn.Parity.Cases;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Divergences;

/// <summary>
/// The states of every layer of a run. What a stack keeps to itself is the output of a lower stack: the same factory
/// builds one of k + 1 layers, with the weights of those layers, and its output is the states of layer k. So any RNN can
/// be traced, nn.RNN as well; one that knows how many layers lie above would escape.
/// </summary>
/// <param name="Name">Who ran.</param>
/// <param name="Case">What was run.</param>
/// <param name="Weights">By nn.RNN's names, on the device.</param>
/// <param name="Input">(T, B, I), on the device.</param>
/// <param name="H_0">(L·D, B, H), on the device.</param>
/// <param name="Layers">Of each layer the states, (T, B, D·H), on the device.</param>
/// <param name="H_n">(L·D, B, H), on the device.</param>
internal sealed record Trace(
    string Name,
    RnnCase Case,
    IReadOnlyDictionary<string, Tensor> Weights,
    Tensor Input,
    Tensor H_0,
    IReadOnlyList<Tensor> Layers,
    Tensor H_n
)
{
    /// <summary>Runs a case once for each layer.</summary>
    public static Trace Of(RnnFactory factory, RnnCase c, CaseTensors tensors, Device device)
    {
        var weights = tensors.Weights.ToDictionary(w => w.Key, w => On(w.Value, device));
        var (input, h_0) = (On(tensors.Input, device), tensors.H_0 is null ? null : On(tensors.H_0, device));
        var (layers, h_n) = (new List<Tensor>(), input);
        for (var count = 1; count <= c.Options.NumLayers; count++)
        {
            var options = c.Options with { NumLayers = count, Device = device };
            using var rnn = factory.Build(options);
            rnn.load_state_dict(
                weights.Where(w => options.Suffixes.Any(s => EndsIn(w.Key, s))).ToDictionary(w => w.Key, w => w.Value)
            );
            (var output, h_n) = Call(rnn, c, input, h_0?.narrow(0, 0, count * options.NumDirections));
            layers.Add(TimeFirst(output.detach(), c));
        }
        var states = c.Unbatched ? h_n.unsqueeze(1) : h_n;
        return new(
            factory.Name,
            c,
            weights,
            TimeFirst(input, c),
            h_0 is null ? zeros(states.shape, states.dtype, device)
                : c.Unbatched ? h_0.unsqueeze(1)
                : h_0,
            layers,
            states.detach()
        );
    }

    private List<Pass>? passes;

    /// <summary>Every layer and direction, in the order of h_0.</summary>
    public IReadOnlyList<Pass> Passes =>
        passes ??= [
            .. from layer in Enumerable.Range(0, Layers.Count)
            from direction in Enumerable.Range(0, (int)Case.Options.NumDirections)
            select new Pass(this, layer, reverse: direction == 1),
        ];

    // weight_ih_l1 ends in l1, weight_ih_l1_reverse in l1_reverse.
    private static bool EndsIn(string name, string suffix) => name.EndsWith("_" + suffix, StringComparison.Ordinal);

    // nn.RNN takes a batch only (libtorch 1.13); an unbatched sequence is a batch of one.
    private static (Tensor, Tensor) Call(
        Module<Tensor, Tensor?, (Tensor, Tensor)> rnn,
        RnnCase c,
        Tensor input,
        Tensor? h_0
    )
    {
        if (rnn is not TorchSharp.Modules.RNN || !c.Unbatched)
            return rnn.call(input, h_0);
        var (output, h_n) = rnn.call(input.unsqueeze(1), h_0?.unsqueeze(1));
        return (output.squeeze(1), h_n.squeeze(1));
    }

    private static Tensor TimeFirst(Tensor sequence, RnnCase c) =>
        c.Unbatched ? sequence.unsqueeze(1)
        : c.Options.BatchFirst ? sequence.transpose(0, 1)
        : sequence;

    private static Tensor On(Tensor value, Device device) => empty(value.shape, value.dtype, device).copy_(value);
}
