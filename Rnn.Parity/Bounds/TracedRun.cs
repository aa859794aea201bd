using Rnn.Scratch.Backward;

namespace Rnn.Parity.Bounds;

/// <summary>A run of one of our implementations, with what nn.RNN keeps to itself: every layer's states and their gradients.</summary>
/// <param name="Quantities">By name: output, h_n, grad.input, grad.h_0, grad.weight_ih_l0, …</param>
/// <param name="Inner">The layers' outputs and the adjoints.</param>
public sealed record TracedRun(IReadOnlyDictionary<string, Tensor> Quantities, Inner Inner)
{
    /// <summary>Runs a dense case on the CPU, with gradients by autograd.</summary>
    public static TracedRun ByAutograd(RnnFactory implementation, RnnCase c, CaseTensors tensors) =>
        Of(implementation, c, tensors, Autograd);

    /// <summary>Runs a dense case on the CPU, with gradients by the backward pass by hand.</summary>
    public static TracedRun ByHand(RnnFactory implementation, RnnCase c, CaseTensors tensors) =>
        Of(implementation, c, tensors, Hand);

    private delegate (Dictionary<string, Tensor> gradients, List<Tensor> adjoints) Backward(
        ElmanRnn rnn,
        CaseTensors tensors,
        (Tensor output, Tensor h_n) forward,
        IReadOnlyList<(string suffix, Tensor[] states)> traced
    );

    private static TracedRun Of(RnnFactory implementation, RnnCase c, CaseTensors tensors, Backward backward)
    {
        ArgumentNullException.ThrowIfNull(implementation);
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(tensors);
        using var scope = NewDisposeScope();
        using var rnn = (ElmanRnn)implementation.Build(c.Options);
        rnn.load_state_dict(tensors.Weights.ToDictionary());
        rnn.train(!c.Evaluation);
        var leaves = tensors with
        {
            Input = tensors.Input.clone().requires_grad_(),
            H_0 = tensors.H_0?.clone().requires_grad_(),
        };
        var traced = new List<(string suffix, Tensor[] states)>();
        rnn.Traced = (suffix, states) =>
            traced.Add((suffix, InTime(suffix, [.. states.Select(h => h.DetachFromDisposeScope())])));
        RnnRun.Seed(c);
        var forward = rnn.call(leaves.Input, leaves.H_0);
        rnn.Traced = null;

        var (gradients, adjoints) = backward(rnn, leaves, forward, traced);
        gradients["output"] = forward.output;
        gradients["h_n"] = forward.h_n;
        var outputs = Outputs(c, traced);
        foreach (var (_, states) in traced)
        foreach (var state in states)
            state.Dispose();
        return new(
            gradients.ToDictionary(g => g.Key, g => g.Value.detach().MoveToOuterDisposeScope()),
            new(outputs, adjoints.ConvertAll(h_bar => h_bar.MoveToOuterDisposeScope()))
        );
    }

    private static (Dictionary<string, Tensor>, List<Tensor>) Autograd(
        ElmanRnn rnn,
        CaseTensors tensors,
        (Tensor output, Tensor h_n) forward,
        IReadOnlyList<(string suffix, Tensor[] states)> traced
    )
    {
        var leaves = new List<(string name, Tensor tensor)> { ("grad.input", tensors.Input) };
        if (tensors.H_0 is not null)
            leaves.Add(("grad.h_0", tensors.H_0));
        leaves.AddRange(rnn.named_parameters().Select(p => ($"grad.{p.name}", (Tensor)p.parameter)));
        var gradients = Gradients.OfAll(
            [forward.output, forward.h_n],
            [.. leaves.Select(leaf => leaf.tensor), .. traced.SelectMany(t => t.states)],
            [tensors.GradOutput, tensors.GradH_n]
        );
        var adjoints = gradients.Skip(leaves.Count).Chunk(traced[0].states.Length);
        return (
            leaves.Zip(gradients).ToDictionary(g => g.First.name, g => g.Second),
            [.. adjoints.Select(h_bar => stack(h_bar, 0))]
        );
    }

    private static (Dictionary<string, Tensor>, List<Tensor>) Hand(
        ElmanRnn rnn,
        CaseTensors tensors,
        (Tensor output, Tensor h_n) forward,
        IReadOnlyList<(string suffix, Tensor[] states)> traced
    )
    {
        var (x, h_0, grad_output, grad_h_n) = (tensors.Input, tensors.H_0, tensors.GradOutput, tensors.GradH_n);
        var adjoints = BackwardPass.Adjoints(rnn, x, h_0, grad_output, grad_h_n);
        return (
            BackwardPass.Of(rnn, x, h_0, grad_output, grad_h_n).ToDictionary(g => $"grad.{g.Key}", g => g.Value),
            [.. traced.Select(t => adjoints[t.suffix])]
        );
    }

    // Each layer's states by time, its directions side by side, as the output of the stack would be.
    private static List<Tensor> Outputs(RnnCase c, IReadOnlyList<(string suffix, Tensor[] states)> traced) =>
        [
            .. traced
                .Select(t => stack(t.states, 0).detach())
                .Chunk((int)c.Options.NumDirections)
                .Select(directions => c.AsOutput(cat([.. directions], -1)).MoveToOuterDisposeScope()),
        ];

    private static Tensor[] InTime(string suffix, Tensor[] states) =>
        suffix.EndsWith("_reverse", StringComparison.Ordinal) ? [.. states.Reverse()] : states;
}
