using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Tests.Scratch;
using Rnn.Scratch.Backward;

namespace Rnn.Parity.Tests.Bounds;

/// <summary>A run of one of our implementations with its layers, differentiated by the backward pass by hand.</summary>
internal static class TracedByHand
{
    public static TracedRun Of(RnnFactory factory, RnnCase c, CaseTensors tensors)
    {
        var traced = TracedRun.ByAutograd(factory, c, tensors);
        var quantities = BackwardPassTests.ByHand(factory, c, tensors);
        foreach (var name in new[] { "output", "h_n" })
            quantities[name] = traced.Quantities[name];
        using var rnn = BackwardPassTests.Build(factory, c, tensors);
        var adjoints = BackwardPass.Adjoints(rnn, tensors.Input, tensors.H_0, tensors.GradOutput, tensors.GradH_n);
        return new(quantities, new(traced.Inner.Outputs, [.. c.Options.Suffixes.Select(suffix => adjoints[suffix])]));
    }
}
