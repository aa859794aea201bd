using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Mutants;

// Mistakes in the terms of h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh).
public static partial class Catalogue
{
    private static IEnumerable<Mutant> Terms =>
        from f in new (int factor, string name, string words)[]
        {
            (0, "dropped", "was left out"),
            (2, "doubled", "is added twice"),
            (-1, "negated", "is subtracted"),
        }
        from term in new (string name, string words, Func<ElmanWeights, int, ElmanWeights> times)[]
        {
            ("input", "W_ih x", static (w, f) => w with { W_ih = w.W_ih.Times(f) }),
            ("bias-ih", "b_ih", static (w, f) => w with { B_ih = w.B_ih!.Times(f) }),
            ("recurrent", "W_hh h", static (w, f) => w with { W_hh = w.W_hh.Times(f) }),
            ("bias-hh", "b_hh", static (w, f) => w with { B_hh = w.B_hh!.Times(f) }),
        }
        select Function(
            $"{term.name}-{f.name}",
            $"The term {term.words} {f.words}.",
            s => s.Right(w: term.times(s.W, f.factor))
        );

    private static IEnumerable<Mutant> Weights =>
        [
            Function(
                "weight-ih-transposed",
                "W_ih is multiplied from the wrong side.",
                s => s.Right(w: s.IsFirstLayer ? s.W with { W_ih = s.W.W_ih.t() } : s.W),
                Need.Square,
                Need.Units
            ),
            Function(
                "weight-hh-transposed",
                "W_hh is multiplied from the wrong side.",
                s => s.Right(w: s.W with { W_hh = s.W.W_hh.t() }),
                Need.Units
            ),
            Function(
                "weights-swapped",
                "W_ih and W_hh changed places when they were copied.",
                s => s.Right(w: s.IsFirstLayer ? s.W with { W_ih = s.W.W_hh, W_hh = s.W.W_ih } : s.W),
                Need.Square
            ),
            Function(
                "units-permuted-in-weight-ih",
                "The rows of W_ih were copied in another order of the units.",
                s => s.Right(w: s.W with { W_ih = s.W.W_ih.flip(0) }),
                Need.Units
            ),
            Function(
                "units-permuted-in-weight-hh",
                "The rows of W_hh were copied in another order of the units.",
                s => s.Right(w: s.W with { W_hh = s.W.W_hh.flip(0) }),
                Need.Units
            ),
            Function(
                "units-permuted-in-the-state",
                "The state is read in another order of the units.",
                s => s.Right(h: s.H.flip(1)),
                Need.Units
            ),
        ];

    private static IEnumerable<Mutant> Biases =>
        [
            Planted(
                "biases-merged",
                "b_ih + b_hh is added first, and then to the products.",
                MutantKind.Rounding,
                new(s => s.Φ(s.X_t.mm(s.W.W_ih.t()).Plus(s.H.mm(s.W.W_hh.t())).Plus(s.W.B_ih!.Plus(s.W.B_hh!))))
            ),
            Planted(
                "biases-swapped",
                "b_ih and b_hh changed places when they were copied, which is the same sum.",
                MutantKind.Rounding,
                new(s => s.Right(w: s.W with { B_ih = s.W.B_hh, B_hh = s.W.B_ih }))
            ),
            Function(
                "bias-scalar",
                "b_ih is one number for all units.",
                s => s.Right(w: s.W with { B_ih = Scalar(s.W.B_ih!) }),
                Need.Units
            ),
            Function(
                "bias-twice-the-same",
                "b_ih is added in place of b_hh.",
                s => s.Right(w: s.W with { B_hh = s.W.B_ih })
            ),
            Function(
                "bias-after-the-nonlinearity",
                "b_hh is added after the nonlinearity.",
                s => s.Right(w: s.W with { B_hh = null }).Plus(s.W.B_hh!)
            ),
            Function(
                "bias-on-the-first-step-only",
                "The biases are added at the first step and forgotten in the loop.",
                s => s.I == 0 ? s.Right() : s.Right(w: s.W with { B_ih = null, B_hh = null })
            ),
        ];

    private static Tensor Scalar(Tensor bias) => bias.narrow(0, 0, 1).expand_as(bias);
}
