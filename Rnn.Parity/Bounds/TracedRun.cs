namespace Rnn.Parity.Bounds;

/// <summary>A run of one of our implementations, with what nn.RNN keeps to itself: every layer's states and their gradients.</summary>
internal sealed record TracedRun(IReadOnlyDictionary<string, Tensor> Quantities, Inner Inner)
{
    /// <summary>Runs a dense case on the CPU, with gradients by autograd.</summary>
    public static TracedRun ByAutograd(RnnFactory implementation, RnnCase c, CaseTensors tensors)
    {
        using var scope = NewDisposeScope();
        using var rnn = (ElmanRnn)implementation.New(c.Options);
        rnn.load_state_dict(tensors.Weights.ToDictionary());
        rnn.train(!c.Evaluation);
        var (input, h_0) = (tensors.Input.clone().requires_grad_(), tensors.H_0?.clone().requires_grad_());
        var traced = new List<Tensor[]>();
        rnn.Traced = (suffix, states) =>
            traced.Add(InTime(suffix, [.. states.Select(h => h.DetachFromDisposeScope())]));
        using var seeded = GlobalGenerator.Seeded(c);
        var (output, h_n) = rnn.call(input, h_0);
        rnn.Traced = null;

        var leaves = new List<(string name, Tensor tensor)> { ("input", input) };
        if (h_0 is not null)
            leaves.Add(("h_0", h_0));
        leaves.AddRange(rnn.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        var gradients = Gradients.OfAll(
            [output, h_n],
            [.. leaves.Select(leaf => leaf.tensor), .. traced.SelectMany(states => states)],
            [tensors.GradOutput, tensors.GradH_n]
        );
        var quantities = leaves.Zip(gradients).ToDictionary(g => $"grad.{g.First.name}", g => g.Second);
        (quantities["output"], quantities["h_n"]) = (output, h_n);
        var adjoints = gradients.Skip(leaves.Count).Chunk((int)c.T).Select(h_bar => stack(h_bar, 0));
        // each layer's states by time, its directions side by side, as the output of the stack would be
        var outputs = traced
            .Select(states => stack(states, 0).detach())
            .Chunk((int)c.Options.NumDirections)
            .Select(directions => c.AsOutput(cat([.. directions], -1)))
            .ToList();
        foreach (var state in traced.SelectMany(states => states))
            state.Dispose();
        return new(
            quantities.ToDictionary(q => q.Key, q => q.Value.detach().MoveToOuterDisposeScope()),
            new(Kept(outputs), Kept(adjoints))
        );
    }

    private static List<Tensor> Kept(IEnumerable<Tensor> tensors) =>
        [.. tensors.Select(tensor => tensor.MoveToOuterDisposeScope())];

    private static Tensor[] InTime(string suffix, Tensor[] states) =>
        suffix.EndsWith("_reverse", StringComparison.Ordinal) ? [.. states.Reverse()] : states;
}
