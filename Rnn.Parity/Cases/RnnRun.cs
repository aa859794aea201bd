using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>What an RNN makes of a case: output, h_n, and the gradient of the cotangents for everything it depends on.</summary>
public static class RnnRun
{
    /// <summary>Builds an RNN on a device, gives it the case's weights, and runs it forward and backward.</summary>
    /// <returns>Each quantity by name, on the CPU: output, h_n, grad.input, grad.h_0, grad.weight_ih_l0, …</returns>
    public static IReadOnlyDictionary<string, Tensor> Of(
        RnnFactory factory,
        RnnCase c,
        CaseTensors tensors,
        Device device
    )
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(c);
        using var scope = NewDisposeScope();
        using var rnn = factory.Build(c.Options with { Device = device });
        rnn.load_state_dict(tensors.Weights.ToDictionary());
        var quantities = Of(rnn, c, tensors, device);
        foreach (var tensor in quantities.Values)
            tensor.MoveToOuterDisposeScope();
        return quantities;
    }

    private static Dictionary<string, Tensor> Of(
        Module<Tensor, Tensor?, (Tensor, Tensor)> rnn,
        RnnCase c,
        CaseTensors tensors,
        Device device
    )
    {
        var input = Leaf(tensors.Input, device);
        var h_0 = tensors.H_0 is null ? null : Leaf(tensors.H_0, device);
        var (output, h_n) =
            rnn is RNN reference && c.Unbatched ? Unbatched(reference, input, h_0) : rnn.call(input, h_0);

        var leaves = new List<(string name, Tensor tensor)> { ("input", input) };
        if (h_0 is not null)
            leaves.Add(("h_0", h_0));
        leaves.AddRange(rnn.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        var gradients = autograd.grad(
            [output, h_n],
            leaves.ConvertAll(leaf => leaf.tensor),
            [On(tensors.GradOutput, device), On(tensors.GradH_n, device)]
        );

        var quantities = new Dictionary<string, Tensor> { ["output"] = Result(output), ["h_n"] = Result(h_n) };
        foreach (var ((name, _), gradient) in leaves.Zip(gradients))
            quantities[$"grad.{name}"] = Result(gradient);
        return quantities;
    }

    // nn.RNN takes a batch only (libtorch 1.13); an unbatched sequence is a batch of one.
    private static (Tensor, Tensor) Unbatched(RNN rnn, Tensor input, Tensor? h_0)
    {
        var batch = rnn.call(input.unsqueeze(1), h_0?.unsqueeze(1));
        return (batch.Item1.squeeze(1), batch.Item2.squeeze(1));
    }

    private static Tensor Leaf(Tensor value, Device device) => On(value, device).requires_grad_();

    private static Tensor On(Tensor value, Device device) => empty(value.shape, value.dtype, device).copy_(value);

    private static Tensor Result(Tensor value) => value.detach().cpu();
}
