using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Mutants;

// Mistakes of a backward pass: the values are right, the gradients are those of something else.
public static partial class Catalogue
{
    private static IEnumerable<Mutant> Gradients =>
        [
            Gradient(
                "slope-of-the-argument",
                "tanh' is taken to be 1 − z² instead of 1 − tanh² z.",
                s => s.IsTanh ? Slope(s, static z => z - (z * z * z).Over(3)) : s.Right(),
                Need.Tanh
            ),
            Gradient("slope-forgotten", "φ' is taken to be 1.", s => Slope(s, static z => z)),
            Gradient(
                "slope-one-at-zero",
                "relu' is taken to be 1 at 0.",
                s => s.IsTanh ? s.Right() : Slope(s, static z => z * z.detach().ge(Scalars.Zero).type(z.dtype)),
                Need.ReLU,
                Need.Zero
            ),
            Gradient(
                "last-step-forgotten",
                "The loop from the end begins one step too early.",
                s => s.IsLast ? Slope(s, static z => z.Times(0)) : s.Right()
            ),
            Gradient(
                "truncated-by-one-step",
                "The loop from the end stops one step too soon.",
                s => s.I == 0 ? Slope(s, static z => z.Times(0)) : s.Right()
            ),
            Gradient(
                "state-detached",
                "The state is detached at each step, which truncates the gradient.",
                s => s.Right(h: s.H.detach())
            ),
            Gradient(
                "initial-state-detached",
                "h_0 is detached and gets no gradient.",
                s => s.I == 0 ? s.Right(h: s.H.detach()) : s.Right(),
                Need.State
            ),
            Gradient(
                "input-gradient-of-one-direction",
                "The gradient of the input lacks what comes by the reverse direction.",
                new Plant(s => s.Right(x: s.X_t.detach())) { Where = "reverse" },
                Need.Directions
            ),
            Gradient(
                "final-state-without-gradient",
                "The cotangent of h_n is forgotten.",
                new Plant
                {
                    Results = static (_, output, h_n) => (output, Backward(h_n.detach(), output.sum().Times(0))),
                }
            ),
            Gradient(
                "recurrence-backwards-transposed",
                "The adjoint is carried by W_hh instead of its transpose.",
                s => s.Φ(s.Input().Plus(Backward(s.Recurrent(s.H.detach()), s.H.mm(s.W.W_hh.detach())))),
                Need.Units
            ),
            Gradient(
                "weight-gradient-of-the-state-after",
                "The gradient of W_hh is summed over h_t instead of h_{t−1}.",
                s =>
                    s.Φ(
                        s.Input()
                            .Plus(
                                Backward(
                                    s.Recurrent(w: s.W with { W_hh = s.W.W_hh.detach() }),
                                    s.Right().detach().mm(s.W.W_hh.t())
                                )
                            )
                    )
            ),
            Gradient(
                "gradients-averaged-over-the-batch",
                "The gradients of the weights are means over the batch instead of sums.",
                s => s.Right(w: Each(s.W, w => Backward(w.detach(), w.Over(s.X_t.shape[0])))),
                Need.Batch
            ),
            new(
                "gradients-accumulated",
                "The gradients of a call are added to those of the call before.",
                MutantKind.Gradient,
                new("gradients-accumulated", o => new PlantedRnn(o, new Plant()))
            )
            {
                Needs = [Need.Gradient],
                Finish = static (before, now) =>
                    now.ToDictionary(q => q.Key, q => IsOfWeight(q.Key) ? before[q.Key].Plus(q.Value) : q.Value),
            },
        ];

    private static Mutant Gradient(string name, string mistake, Plant plant, params Need[] needs) =>
        Planted(name, mistake, MutantKind.Gradient, plant, [.. needs, Need.Gradient]);

    private static Mutant Gradient(string name, string mistake, Func<PlantedStep, Tensor> step, params Need[] needs) =>
        Gradient(name, mistake, new Plant(step), needs);

    private static bool IsOfWeight(string quantity) =>
        quantity.StartsWith("grad.weight", StringComparison.Ordinal)
        || quantity.StartsWith("grad.bias", StringComparison.Ordinal);

    // The right state, with the gradient of another φ.
    private static Tensor Slope(PlantedStep s, Func<Tensor, Tensor> φ)
    {
        var z = s.Sum();
        return Backward(s.Φ(z.detach()), φ(z));
    }

    /// <summary>The value, and beside its own gradient that of another tensor, which adds 0 to the value.</summary>
    private static Tensor Backward(Tensor value, Tensor other) => value.Plus(other - other.detach());

    private static ElmanWeights Each(ElmanWeights w, Func<Tensor, Tensor> f) =>
        new(f(w.W_ih), f(w.W_hh), f(w.B_ih!), f(w.B_hh!));
}
