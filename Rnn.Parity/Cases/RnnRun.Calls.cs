using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

// What an RNN keeps from one call to the next.
public static partial class RnnRun
{
    /// <summary>Whether two calls with the same input, without gradients and with nothing dropped, give the same bits.</summary>
    internal static bool Repeats(RnnFactory factory, RnnCase c, CaseTensors tensors, Device device)
    {
        using var without = no_grad();
        using var scope = NewDisposeScope();
        var rnn = Build(factory, c with { Evaluation = c.Evaluation || c.Drops }, tensors.Weights, device);
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
            Run(factory, rnn, c, tensors, device, isFirst: true);
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
    )
    {
        var (input, h_0) = (On(tensors.Input, device), tensors.H_0 is null ? null : On(tensors.H_0, device));
        using var without = c.ForwardOnly ? no_grad() : null;
        var results = factory.Try(Failure(c, input, h_0), () => Forward(rnn, c, input, h_0));
        RunContract.Unchanged(factory, "input", input, tensors.Input);
        if (h_0 is not null)
            RunContract.Unchanged(factory, "h_0", h_0, tensors.H_0!);
        return results;
    }

    // A call, and copies of what it returned, if this is what nn.RNN returns.
    private static List<(Tensor result, Tensor copy)> CallBefore(
        RnnFactory factory,
        Module<Tensor, Tensor?, (Tensor, Tensor)> rnn,
        RnnCase c,
        CaseTensors tensors,
        Device device
    )
    {
        var (output, h_n) = Call(factory, rnn, c, tensors, device);
        var copies = new List<(Tensor, Tensor)>();
        foreach (var (result, shape) in new[] { (output, c.RunOutputShape), (h_n, c.StateShape) })
            if (RunContract.Fault("", result, shape, c.Dtype, device) is null)
                copies.Add((result, result.detach().clone()));
        return copies;
    }

    // Half the steps of half the sequences with an h_0, then all steps of each sequence twice, in the other mode.
    private static void CallOtherwise(
        RnnFactory factory,
        Module<Tensor, Tensor?, (Tensor, Tensor)> rnn,
        RnnCase c,
        CaseTensors tensors,
        Device device
    )
    {
        var (time, batch, trains) = (c.Options.BatchFirst ? 1 : 0, c.Options.BatchFirst ? 0 : 1, rnn.training);
        var sequences = (c.B + 1) / 2;
        if (!factory.Own.Evaluation && !factory.IsCudnn(device))
            rnn.train(!trains);
        var few = tensors with
        {
            Input = tensors.Input.narrow(batch, 0, sequences).narrow(time, 0, c.T / 2),
            // any state will do
            H_0 = factory.Own.WithoutInitialState ? null : tensors.GradH_n.narrow(1, 0, sequences),
        };
        var many = tensors with
        {
            Input = cat([tensors.Input, tensors.Input], batch),
            H_0 = tensors.H_0 is { } h_0 ? cat([h_0, h_0], 1) : null,
        };
        Call(factory, rnn, c, few, device);
        if (c.OtherCalls > 1)
            Call(factory, rnn, c, many, device);
        rnn.train(trains);
    }

    private static string Failure(RnnCase c, Tensor input, Tensor? h_0) =>
        $"could not run forward, with x {TensorComparison.Shape(input.shape)} as {(c.Unbatched ? "(T, I)" : c.Options.BatchFirst ? "(B, T, I)" : "(T, B, I)")} and {(h_0 is null ? "no h_0" : $"h_0 {TensorComparison.Shape(h_0.shape)}")}";
}
