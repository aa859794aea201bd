namespace Rnn.Parity.Cases;

/// <summary>
/// The gradients of outputs for inputs, as autograd.grad defines them. They are taken by autograd.backward: an exception
/// of libtorch inside TorchSharp's autograd.grad ends the process.
/// </summary>
/// <remarks>
/// Where a graph is created, libtorch warns once, on the standard error, of a cycle through .grad. It is broken here.
/// </remarks>
internal static class Gradients
{
    /// <summary>Differentiates outputs, and leaves no .grad at the inputs.</summary>
    /// <returns>The gradient of each input, in the caller's dispose scope; null where no output depends on it.</returns>
    public static Tensor?[] Of(
        IList<Tensor> outputs,
        IList<Tensor> inputs,
        IList<Tensor>? cotangents = null,
        bool createGraph = false
    )
    {
        // backward adds onto a gradient that is there
        Clear(inputs);
        try
        {
            autograd.backward(outputs, cotangents, createGraph, createGraph, inputs);
            return [.. inputs.Select(input => input.grad)];
        }
        finally
        {
            // nothing is added to what was taken, and a graph does not keep itself alive through .grad
            Clear(inputs);
        }
    }

    /// <summary>The same where every input counts.</summary>
    public static Tensor[] OfAll(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? cotangents = null) =>
        [
            .. Of(outputs, inputs, cotangents)
                .Select(
                    (gradient, i) =>
                        gradient
                        ?? throw new InvalidOperationException($"input {i} has no gradient: no output depends on it")
                ),
        ];

    private static void Clear(IList<Tensor> inputs)
    {
        foreach (var input in inputs)
            input.grad = null;
    }
}
