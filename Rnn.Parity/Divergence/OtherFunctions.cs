namespace Rnn.Parity.Divergences;

/// <summary>The mistakes that an RNN can have: steps of another function than the equation's.</summary>
internal static class OtherFunctions
{
    /// <summary>Every mistake that can be in a pass.</summary>
    public static IEnumerable<Alternative> Of(Pass pass) =>
        [.. Terms, .. Matrices, .. Biases, .. Nonlinearities, .. States.Of(pass), .. Inputs.Of(pass), .. Weights(pass)];

    // A term left out, doubled or negated.
    private static IEnumerable<Alternative> Terms =>
        from factor in new (double of, string name)[] { (0, "missing"), (2, "doubled"), (-1, "negated") }
        from term in new (string name, Func<Step, Func<double, double>, Step> change)[]
        {
            ("term W_ih x is", static (s, f) => s with { W_ih = Values.Map(s.W_ih, f) }),
            ("term b_ih is", static (s, f) => s with { B_ih = Values.Map(s.B_ih, f) }),
            ("term W_hh h is", static (s, f) => s with { W_hh = Values.Map(s.W_hh, f) }),
            ("term b_hh is", static (s, f) => s with { B_hh = Values.Map(s.B_hh, f) }),
            (
                "terms b_ih and b_hh are",
                static (s, f) => s with { B_ih = Values.Map(s.B_ih, f), B_hh = Values.Map(s.B_hh, f) }
            ),
        }
        select Alternative.Of($"the {term.name} {factor.name}", s => term.change(s, value => factor.of * value));

    private static IEnumerable<Alternative> Matrices =>
        [
            Alternative.Of("the term W_hh h has W_hh transposed", s => s with { W_hh = Values.Transpose(s.W_hh) }),
            Alternative.Of(
                "the term W_ih x has W_ih transposed",
                s => IsSquare(s) ? s with { W_ih = Values.Transpose(s.W_ih) } : null
            ),
            Alternative.Of(
                "W_ih and W_hh have changed places",
                s => IsSquare(s) ? s with { W_ih = s.W_hh, W_hh = s.W_ih } : null
            ),
        ];

    private static IEnumerable<Alternative> Biases =>
        [
            Alternative.Of("the term b_hh is b_ih again", s => s with { B_hh = s.B_ih }),
            Alternative.Of("the term b_ih is b_hh again", s => s with { B_ih = s.B_hh }),
            Alternative.Of("the term b_ih is that of unit 0 in every unit", s => s with { B_ih = First(s.B_ih) }),
            Alternative.Of("the term b_hh is that of unit 0 in every unit", s => s with { B_hh = First(s.B_hh) }),
            Alternative.Of(
                "the term b_ih is added after the nonlinearity",
                s => s with { B_ih = Zeros(s.B_ih), After = Repeat(s.B_ih, s.H) }
            ),
            Alternative.Of(
                "the term b_hh is added after the nonlinearity",
                s => s with { B_hh = Zeros(s.B_hh), After = Repeat(s.B_hh, s.H) }
            ),
        ];

    private static IEnumerable<Alternative> Nonlinearities =>
        [
            Alternative.Of("the nonlinearity is missing", s => s with { Φ = Activation.None }),
            Alternative.Of(
                "the nonlinearity is applied twice",
                s => s.Φ == Activation.Tanh ? s with { Φ = Activation.TanhTwice } : null
            ),
            .. new[] { Activation.Tanh, Activation.ReLU, Activation.Sigmoid }.Select(other =>
                Alternative.Of($"the nonlinearity is {other.Name}", s => s.Φ == other ? null : s with { Φ = other })
            ),
            Alternative.Of("the nonlinearity is applied to W_ih x + b_ih as well", s => s with { InputΦ = s.Φ }),
            Alternative.Of(
                "the nonlinearity is applied to W_ih x + b_ih alone",
                s => s with { InputΦ = s.Φ, Φ = Activation.None }
            ),
            Alternative.Of("h_{t−1} is added after the nonlinearity", s => s with { After = s.H }),
        ];

    // The weights of another layer or direction.
    private static IEnumerable<Alternative> Weights(Pass pass)
    {
        foreach (var other in Others(pass))
        {
            var fits = other.W_ih[0].Length == pass.W_ih[0].Length;
            yield return Of("W_ih", s => fits ? s with { W_ih = other.W_ih } : null);
            yield return Of("W_hh", s => s with { W_hh = other.W_hh });
            yield return Of("b_ih", s => s with { B_ih = other.B_ih });
            yield return Of("b_hh", s => s with { B_hh = other.B_hh });
            yield return new(
                $"the weights are those of {other.Name}",
                (p, i) =>
                    fits
                        ? p.At(i) with
                        {
                            W_ih = other.W_ih,
                            W_hh = other.W_hh,
                            B_ih = other.B_ih,
                            B_hh = other.B_hh,
                        }
                        : null
            );

            Alternative Of(string weight, Func<Step, Step?> change) =>
                Alternative.Of($"{weight} is that of {other.Name}", change);
        }
    }

    /// <summary>The other layers and directions of the same run.</summary>
    public static IEnumerable<Pass> Others(Pass pass) => pass.Trace.Passes.Where(other => other.Slot != pass.Slot);

    private static bool IsSquare(Step s) => s.W_ih[0].Length == s.W_ih.Length;

    private static double[] First(double[] bias) => Values.Map(bias, _ => bias[0]);

    private static double[] Zeros(double[] bias) => new double[bias.Length];

    private static double[][] Repeat(double[] bias, double[][] rows) => [.. rows.Select(_ => bias)];
}
