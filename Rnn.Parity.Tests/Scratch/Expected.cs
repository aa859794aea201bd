using Rnn.Parity.Cases;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Scratch;

/// <summary>What the references make of the cases: run once, and kept for all three implementations.</summary>
internal static class Expected
{
    private static readonly Dictionary<
        (string id, EvaluationOrder order, string device),
        (CaseTensors, IReadOnlyDictionary<string, Tensor>)
    > runs = [];

    public static (CaseTensors tensors, IReadOnlyDictionary<string, Tensor> quantities) Of(RnnCase c, Device device)
    {
        lock (runs)
        {
            var key = (c.Id, c.Options.Order, device.ToString());
            return runs.TryGetValue(key, out var run) ? run : runs[key] = Run(c, device);
        }
    }

    private static (CaseTensors, IReadOnlyDictionary<string, Tensor>) Run(RnnCase c, Device device)
    {
        var tensors = c.Draw();
        var quantities = RnnRun.Of(RnnFactory.ReferenceOf(c.Options.Order), c, tensors, device);
        Tensor?[] kept =
        [
            .. tensors.Weights.Values,
            tensors.Input,
            tensors.H_0,
            tensors.GradOutput,
            tensors.GradH_n,
            .. quantities.Values,
        ];
        foreach (var tensor in kept)
            tensor?.DetachFromDisposeScope();
        return (tensors, quantities);
    }
}
