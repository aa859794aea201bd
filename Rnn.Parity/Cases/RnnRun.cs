using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.utils.rnn;
using Reference = TorchSharp.Modules.RNN;

namespace Rnn.Parity.Cases;

/// <summary>What an RNN makes of a case: output, h_n, and the gradient of the cotangents for everything it depends on.</summary>
public static class RnnRun
{
    /// <summary>
    /// Builds an RNN on a device, gives it the case's weights, and runs it forward and backward. Before that it is called
    /// with the negatives of the weights, of an RNN of one's own in other sizes too: what it keeps of a call shows in the run.
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
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(tensors);
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        using var rnn = new BuiltRnn(factory, c, tensors, device);
        factory.Load(rnn.Module, tensors.Weights.ToDictionary(w => w.Key, w => w.Value.neg()));
        if (c.OtherCalls > 0)
            rnn.CallOtherwise();
        var before = rnn.CallAndCopy();
        factory.Load(rnn.Module, tensors.Weights);
        var quantities = rnn.Run(isFirst: false);
        foreach (var (result, copy) in before)
            RunContract.Unchanged(
                factory,
                "what a call returned",
                result,
                copy,
                "the next call writes into it, or it shares memory with a weight"
            );
        foreach (var tensor in quantities.Values)
            tensor.MoveToOuterDisposeScope();
        return quantities;
    }

    /// <summary>Whether two calls with the same input, without gradients and with nothing dropped, give the same bits.</summary>
    internal static bool Repeats(RnnFactory factory, RnnCase c, CaseTensors tensors, Device device)
    {
        using var without = no_grad();
        using var scope = NewDisposeScope();
        using var rnn = new BuiltRnn(factory, c with { Evaluation = c.Evaluation || c.Drops }, tensors, device);
        var (first, second) = (rnn.Fitting(rnn.Call(tensors)), rnn.Fitting(rnn.Call(tensors)));
        return TensorComparison.Compare("", first.output, second.output) is null
            && TensorComparison.Compare("", first.h_n, second.h_n) is null;
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
}
