using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>
/// The states of every layer of a run. What a stack keeps to itself is the output of a lower stack: the same factory
/// builds one of k + 1 layers, with the weights of those layers, and its output is the states of layer k. So any RNN can
/// be traced, nn.RNN as well; one that knows how many layers lie above would escape.
/// </summary>
/// <param name="Name">Who ran.</param>
/// <param name="Case">What was run.</param>
/// <param name="Tensors">With which tensors.</param>
/// <param name="Weights">By nn.RNN's names, on the device.</param>
/// <param name="H_0">(L·D, B, H), on the device.</param>
/// <param name="Layers">Of each layer the states, (T, B, D·H), on the device.</param>
/// <param name="Inputs">What each layer reads, (T, B, ·), on the device.</param>
/// <param name="H_n">(L·D, B, H), on the device.</param>
internal sealed record Trace(
    string Name,
    RnnCase Case,
    CaseTensors Tensors,
    IReadOnlyDictionary<string, Tensor> Weights,
    Tensor H_0,
    IReadOnlyList<Tensor> Layers,
    IReadOnlyList<Tensor> Inputs,
    Tensor H_n
)
{
    private Run? run;

    /// <summary>The states of each layer as its output would lie, as the case has it, on the CPU.</summary>
    public IReadOnlyList<Tensor> Outputs { get; } = [.. Layers.Select(layer => Case.AsOutput(layer).cpu())];

    /// <summary>What the equation allows each state to be; it is computed once, in the dispose scope of whoever asks first.</summary>
    public Run Run => run ??= Run.OfStacks(Case, Tensors, Outputs, Matrix.Of(H_n));

    public static Trace Of(RnnFactory factory, RnnCase c, CaseTensors tensors, Device device)
    {
        var weights = tensors.Weights.ToDictionary(w => w.Key, w => RnnRun.On(w.Value, device));
        using var without = no_grad();
        var input = RnnRun.Lay(tensors.Input, c.InputLayout, device);
        var h_0 = tensors.H_0 is null ? null : RnnRun.Lay(tensors.H_0, c.StateLayout, device);
        var (layers, h_n) = (new List<Tensor>(), input);
        for (var count = 1; count <= c.Options.NumLayers; count++)
        {
            var part = c with { Options = c.Options with { NumLayers = count, Device = device } };
            var own = weights.Where(w => part.Options.WeightNames.Contains(w.Key)).ToDictionary();
            using var rnn = new BuiltRnn(factory, part, tensors with { Weights = own }, device);
            var initial = h_0?.narrow(0, 0, count * c.Options.NumDirections);
            (var output, h_n) = rnn.Fitting(factory.Try("could not run forward", () => rnn.Drawn(input, initial)));
            layers.Add(c.TimeFirst(output));
        }
        var states = c.Unbatched ? h_n.unsqueeze(1) : h_n;
        return new(
            factory.Name,
            c,
            tensors,
            weights,
            h_0 is null ? zeros(states.shape, states.dtype, device)
                : c.Unbatched ? h_0.unsqueeze(1)
                : h_0,
            layers,
            Read(c, c.TimeFirst(input), layers),
            states
        );
    }

    // What each layer reads: the input, then the layer below, of which dropout keeps what it kept in the run.
    private static List<Tensor> Read(RnnCase c, Tensor input, List<Tensor> layers)
    {
        var below = c.Drops
            ? layers.Zip(GlobalGenerator.Masks(c), (x, mask) => x.mul(mask.reshape(x.shape).to(x.device)))
            : layers[..^1];
        return [input, .. below];
    }

    /// <summary>The step of the sequence that a layer computes at a turn.</summary>
    public static int Time(RecordedLayer layer, int turn) => layer.Reverse ? layer.Turns - 1 - turn : turn;

    /// <summary>The state (B, H) of a layer that was computed at a turn; h_0 before the first.</summary>
    public Tensor State(RecordedLayer layer, int turn) =>
        turn < 0
            ? H_0.select(0, layer.Slot)
            : Layers[layer.Index].narrow(-1, layer.Reverse ? layer.Size : 0, layer.Size).select(0, Time(layer, turn));
}
