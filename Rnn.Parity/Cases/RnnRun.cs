using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.utils.rnn;
using Reference = TorchSharp.Modules.RNN;

namespace Rnn.Parity.Cases;

/// <summary>What an RNN makes of a case: output, h_n, and the gradient of the cotangents for everything it depends on.</summary>
public static partial class RnnRun
{
    /// <summary>
    /// Builds an RNN on a device, gives it the case's weights, and runs it forward and backward. Before that it is called
    /// once with the negatives of the weights: what an RNN keeps of a call shows in the run.
    /// </summary>
    /// <returns>
    /// Each quantity by name, on the CPU: output, h_n, grad.input, grad.h_0, grad.weight_ih_l0, … and, if the case asks for
    /// it, grad2.…: the gradient of half the sum of the squared gradients. What output and h_n do not depend on has no
    /// gradient, and is left out.
    /// </returns>
    /// <exception cref="RunException">
    /// The RNN threw, or its weights, output or h_n are not those of nn.RNN by name, shape or type, or need no gradient.
    /// This is found out before libtorch computes with them.
    /// </exception>
    public static IReadOnlyDictionary<string, Tensor> Of(
        RnnFactory factory,
        RnnCase c,
        CaseTensors tensors,
        Device device
    )
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        var rnn = Build(factory, c, tensors.Weights.ToDictionary(w => w.Key, w => w.Value.neg()), device);
        using var disposed = factory.IsCallers ? null : rnn;
        if (c.OtherCalls > 0)
            CallOtherwise(factory, rnn, c, tensors, device);
        var before = CallBefore(factory, rnn, c, tensors, device);
        factory.Load(rnn, tensors.Weights);
        var quantities = Run(factory, rnn, c, tensors, device, isFirst: false);
        foreach (var (result, copy) in before)
            RunContract.Unchanged(factory, "what a call returned", result, copy, "the next call writes into it");
        foreach (var tensor in quantities.Values)
            tensor.MoveToOuterDisposeScope();
        return quantities;
    }

    /// <summary>Builds an RNN with the options and weights of a case.</summary>
    /// <exception cref="RunException">It threw, or its weights are not those of nn.RNN.</exception>
    internal static Module<Tensor, Tensor?, (Tensor, Tensor)> Build(
        RnnFactory factory,
        RnnCase c,
        IReadOnlyDictionary<string, Tensor> weights,
        Device device
    )
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(c);
        // in evaluation it is what it is in training without dropout
        var trains = !c.Evaluation || factory.IsCudnn(device);
        var options = c.Options with { Device = device, Dropout = trains && c.Evaluation ? 0 : c.Options.Dropout };
        var rnn = factory.Try("could not be built", () => factory.New(options));
        if (rnn is null)
            throw new RunException($"{factory.Name}: the factory gives null, an RNN is expected");
        RunContract.Weights(factory, rnn, weights);
        factory.Load(rnn, weights);
        rnn.train(trains);
        return rnn;
    }

    /// <summary>Runs an RNN forward as the case says: batched, unbatched or packed.</summary>
    /// <returns>The output, or a packed output's data; and h_n.</returns>
    public static (Tensor output, Tensor h_n) Forward(
        Module<Tensor, Tensor?, (Tensor, Tensor)> rnn,
        RnnCase c,
        Tensor input,
        Tensor? h_0
    )
    {
        ArgumentNullException.ThrowIfNull(rnn);
        ArgumentNullException.ThrowIfNull(c);
        using var alone = c.Options.Dropout > 0 ? GlobalGenerator.Alone() : default;
        if (c.Lengths is not null)
            return Packed(rnn, c, c.Lengths, input, h_0);
        // these keep nothing of a call, and what they make can be disposed of at once
        if (rnn is not (Reference or RnnCellLoop or ElmanRnn))
            return Unscoped.Run(() => rnn.call(input, h_0));
        if (rnn is not Reference || !c.Unbatched)
            return rnn.call(input, h_0);
        // nn.RNN takes the first dimension of an unbatched input for the batch if that comes first
        var batch = c.Options.BatchFirst ? 0 : 1;
        var (output, h_n) = rnn.call(input.unsqueeze(batch), h_0?.unsqueeze(1));
        return (output.squeeze(batch), h_n.squeeze(1));
    }

    private static (Tensor, Tensor) Packed(
        Module<Tensor, Tensor?, (Tensor, Tensor)> rnn,
        RnnCase c,
        IReadOnlyList<long> lengths,
        Tensor input,
        Tensor? h_0
    )
    {
        var packed = pack_padded_sequence(input, tensor(lengths.ToArray()), c.Options.BatchFirst, c.EnforceSorted);
        if (rnn is RnnCellLoop loop)
            return loop.Packed(packed, h_0);
        var (output, h_n) = rnn switch
        {
            ElmanRnn ours => ours.call(packed, h_0),
            Reference reference => reference.call(packed, h_0),
            _ => throw new RunException("it takes no packed sequences, and the case is of packed ones")
            {
                Evidence = Comparison.Evidence.Undecided,
            },
        };
        return (output.data, h_n);
    }

    private static Dictionary<string, Tensor> Run(
        RnnFactory factory,
        Module<Tensor, Tensor?, (Tensor, Tensor)> rnn,
        RnnCase c,
        CaseTensors tensors,
        Device device,
        bool isFirst
    )
    {
        using var without = c.ForwardOnly ? no_grad() : null;
        var input = Leaf(tensors.Input, c.InputLayout, device);
        var h_0 = tensors.H_0 is null ? null : Leaf(tensors.H_0, c.StateLayout, device);
        var (output, h_n) = factory.Try(
            Failure(c, input, h_0),
            () => GlobalGenerator.Drawn(c, () => Forward(rnn, c, input, h_0), Same)
        );
        RunContract.Unchanged(factory, "input", input, tensors.Input);
        if (h_0 is not null)
            RunContract.Unchanged(factory, "h_0", h_0, tensors.H_0!);
        var weights = factory.Try("does not give its parameters", () => factory.Own.Weights(rnn, tensors.Weights.Keys));
        // one parameter that is two biases holds their sum
        foreach (
            var (name, weight) in weights.Where(w => weights.Count(o => ReferenceEquals(o.parameter, w.parameter)) == 1)
        )
            RunContract.Unchanged(factory, name, weight, factory.Own.Turn(tensors.Weights[name]));
        RunContract.Result(factory, "output", output, c.RunOutputShape, c.Dtype, device);
        RunContract.Result(factory, "h_n", h_n, c.StateShape, c.Dtype, device);

        var leaves = new List<(string name, Tensor tensor)> { ("input", input) };
        if (h_0 is not null)
            leaves.Add(("h_0", h_0));
        leaves.AddRange(weights);
        var quantities = new Dictionary<string, Tensor> { ["output"] = Result(output), ["h_n"] = Result(h_n) };
        if (c.ForwardOnly)
            return quantities;
        try
        {
            factory.Try(
                "could not run backward",
                () =>
                {
                    List<Tensor> cotangents = [On(c.Cotangent(tensors), device), On(tensors.GradH_n, device)];
                    Differentiate(quantities, factory.Own, c, leaves, [output, h_n], cotangents);
                }
            );
        }
        catch (RunException e) when (!isFirst && !factory.IsCallers && RunsOnce(factory, c, tensors, device))
        {
            throw new RunException(
                $"{factory.Name}: its first call runs backward, and a later one does not: it changes a tensor in place, or it keeps a state, or something computed from weights, with the graph of an earlier call; each call is to begin with h_0, or with zeros",
                e
            );
        }
        return quantities;

        // what is no output is told as that
        bool Same((Tensor output, Tensor h_n) one, (Tensor output, Tensor h_n) other) =>
            RunContract.Fault("output", one.output, c.RunOutputShape, c.Dtype, device) is not null
            || TensorComparison.Compare("output", one.output, other.output) is null;
    }

    private static void Differentiate(
        Dictionary<string, Tensor> quantities,
        OwnRnn own,
        RnnCase c,
        List<(string name, Tensor tensor)> leaves,
        List<Tensor> outputs,
        List<Tensor> cotangents
    )
    {
        // one bias may stand for two
        List<Tensor> inputs =
        [
            .. leaves.Select(leaf => leaf.tensor).Distinct<Tensor>(ReferenceEqualityComparer.Instance),
        ];
        var first = Gradients.Of(outputs, inputs, cotangents, c.SecondOrder);
        Add("grad", first);
        if (!c.SecondOrder)
            return;
        var differentiable = first.OfType<Tensor>().Where(g => g.requires_grad).ToList();
        if (differentiable.Count > 0)
            Add("grad2", Gradients.Of(differentiable, inputs, differentiable.ConvertAll(g => g.detach())));

        void Add(string order, Tensor?[] gradients)
        {
            foreach (var (name, leaf) in leaves)
                if (gradients[inputs.FindIndex(input => ReferenceEquals(input, leaf))] is { } gradient)
                    quantities[$"{order}.{name}"] = Result(name[0] == 'w' ? own.Turn(gradient) : gradient);
        }
    }

    private static Tensor Leaf(Tensor value, Layout layout, Device device) =>
        Lay(value, layout, device).detach().requires_grad_();

    /// <summary>A copy on a device that lies in memory as the case says.</summary>
    internal static Tensor Lay(Tensor value, Layout layout, Device device)
    {
        var copy = On(value, device);
        return layout switch
        {
            Layout.Transposed => copy.transpose(0, -1).contiguous().transpose(0, -1),
            Layout.Slice => cat([copy, copy], -1).narrow(-1, 0, copy.shape[^1]),
            _ => copy,
        };
    }

    internal static Tensor On(Tensor value, Device device) => empty(value.shape, value.dtype, device).copy_(value);

    private static Tensor Result(Tensor value) => value.detach().cpu();
}
