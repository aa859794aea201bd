using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

// What an RNN keeps from one call to the next.
public static partial class RnnRun
{
    /// <summary>Whether two calls with the same input, without gradients and in evaluation, give the same bits.</summary>
    internal static bool Repeats(RnnFactory factory, RnnCase c, CaseTensors tensors, Device device)
    {
        using var without = no_grad();
        using var scope = NewDisposeScope();
        var rnn = Build(factory, c with { Evaluation = true }, tensors.Weights, device);
        using var disposed = factory.IsCallers ? null : rnn;
        var first = Call(factory, rnn, c, tensors, device);
        var second = Call(factory, rnn, c, tensors, device);
        return TensorComparison.Compare("", first.output, second.output) is null
            && TensorComparison.Compare("", first.h_n, second.h_n) is null;
    }

    // Whether the first call of a new one runs, forward and backward.
    private static bool RunsOnce(RnnFactory factory, RnnCase c, CaseTensors tensors, Device device)
    {
        try
        {
            using var rnn = Build(factory, c, tensors.Weights, device);
            Run(factory, rnn, c, tensors, device);
            return true;
        }
        catch (RunException)
        {
            return false;
        }
    }

    private static (Tensor output, Tensor h_n) Call(
        RnnFactory factory,
        Module<Tensor, Tensor?, (Tensor, Tensor)> rnn,
        RnnCase c,
        CaseTensors tensors,
        Device device
    ) =>
        factory.Try(
            "could not run forward",
            () =>
            {
                using var without = c.ForwardOnly ? no_grad() : null;
                return Forward(rnn, c, On(tensors.Input, device), tensors.H_0 is null ? null : On(tensors.H_0, device));
            }
        );

    // A batch of which each sequence is there twice.
    private static CaseTensors Twice(RnnCase c, CaseTensors tensors) =>
        tensors with
        {
            Input = cat([tensors.Input, tensors.Input], c.Options.BatchFirst ? 0 : 1),
            H_0 = tensors.H_0 is { } h_0 ? cat([h_0, h_0], 1) : null,
        };
}
