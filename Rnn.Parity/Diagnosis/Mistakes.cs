using Rnn.Parity.Bounds;
using static Rnn.Parity.Bounds.Equation;

namespace Rnn.Parity.Diagnosis;

/// <summary>The mistakes that an RNN can have: steps of another function than the equation's.</summary>
internal static class Mistakes
{
    public static IReadOnlyList<Alternative> Of(
        RnnCase c,
        CaseTensors tensors,
        IReadOnlyList<RecordedLayer> layers,
        RecordedLayer layer
    )
    {
        List<RecordedLayer> others = [.. layers.Where(other => other.Slot != layer.Slot)];
        return
        [
            .. Terms,
            .. Matrices,
            .. Biases,
            .. Nonlinearities,
            .. PreviousStates.Of(others),
            .. PreviousStates.Overwritten,
            PreviousStates.BeforeNonlinearity,
            .. Inputs.Of(c, tensors, layers, layer),
            .. Weights(others),
        ];
    }

    /// <summary>Those that can be in every layer of a stack alike, whatever the layer.</summary>
    public static IReadOnlyList<Alternative> OfStack =>
        [.. Terms, .. Matrices, .. Biases, .. Nonlinearities, .. PreviousStates.Of([]), .. Inputs.OfEveryLayer];

    // A term left out, doubled or negated.
    private static IEnumerable<Alternative> Terms =>
        from factor in new (double of, string name)[] { (0, "missing"), (2, "doubled"), (-1, "negated") }
        from term in new (string name, Func<Steps, Func<double, double>, Steps> change)[]
        {
            ("term W_ih x is", static (s, f) => s with { W_ih = s.W_ih.Map(f) }),
            ("term b_ih is", static (s, f) => s with { B_ih = Map(s.B_ih, f) }),
            ("term W_hh h is", static (s, f) => s with { W_hh = s.W_hh.Map(f) }),
            ("term b_hh is", static (s, f) => s with { B_hh = Map(s.B_hh, f) }),
            ("terms b_ih and b_hh are", static (s, f) => s with { B_ih = Map(s.B_ih, f), B_hh = Map(s.B_hh, f) }),
        }
        select Alternative.Of(
            $"the {term.name} {factor.name}",
            s => s.B_ih is null && term.name.Contains('b') ? null : term.change(s, value => factor.of * value)
        );

    private static IEnumerable<Alternative> Matrices =>
        [
            Alternative.Of("the term W_hh h has W_hh transposed", s => s with { W_hh = s.W_hh.Transposed() }),
            Alternative.Of(
                "the term W_ih x has W_ih transposed",
                s => IsSquare(s) ? s with { W_ih = s.W_ih.Transposed() } : null
            ),
            Alternative.Of(
                "W_ih and W_hh are transposed",
                s => IsSquare(s) ? s with { W_ih = s.W_ih.Transposed(), W_hh = s.W_hh.Transposed() } : null
            ),
            .. Reshapes,
            Alternative.Of(
                "W_ih and W_hh have changed places",
                s => IsSquare(s) ? s with { W_ih = s.W_hh, W_hh = s.W_ih } : null
            ),
        ];

    // Wᵀ's numbers, row by row, in W's shape; or W's in Wᵀ's
    private static IEnumerable<Alternative> Reshapes =>
        from reshape in new Func<Matrix, Matrix>[]
        {
            static W => W with { Values = W.Transposed().Values },
            static W => new Matrix(W.Values, W.Columns, W.Rows).Transposed(),
        }
        from both in (bool[])[false, true]
        select Alternative.Of(
            both
                ? "W_ih and W_hh, which are to be transposed, are reshaped"
                : "W_ih is reshaped where it is to be transposed",
            s =>
                IsSquare(s) || s.W_ih.Columns == 1
                    ? null
                    : s with
                    {
                        W_ih = reshape(s.W_ih),
                        W_hh = both ? s.W_hh.Transposed() : s.W_hh,
                    }
        );

    private static IEnumerable<Alternative> Biases =>
        new[]
        {
            Alternative.Of("the term b_hh is b_ih again", s => s with { B_hh = s.B_ih }),
            Alternative.Of("the term b_ih is b_hh again", s => s with { B_ih = s.B_hh }),
            Alternative.Of("the term b_ih is that of unit 0 in every unit", s => s with { B_ih = First(s.B_ih) }),
            Alternative.Of("the term b_hh is that of unit 0 in every unit", s => s with { B_hh = First(s.B_hh) }),
            Alternative.Of(
                "the term b_ih is added after the nonlinearity",
                s => s with { B_ih = Map(s.B_ih, _ => 0), After = Repeat(s.B_ih!, s) }
            ),
            Alternative.Of(
                "the term b_hh is added after the nonlinearity",
                s => s with { B_hh = Map(s.B_hh, _ => 0), After = Repeat(s.B_hh!, s) }
            ),
        }.Select(a => new Alternative(a.Words, (layer, rows) => layer.B_ih is null ? null : a.At(layer, rows)));

    private static IEnumerable<Alternative> Nonlinearities =>
        [
            Alternative.Of(
                "the nonlinearity is applied twice",
                s => s.Φ.Name == "tanh" ? s with { Φ = Nonlinearity.TanhTwice } : null
            ),
            .. new[] { Nonlinearity.Tanh, Nonlinearity.ReLU, Nonlinearity.Sigmoid, Nonlinearity.HardTanh }.Select(
                other =>
                    Alternative.Of(
                        $"the nonlinearity is {other.Name}",
                        s => s.Φ.Name == other.Name ? null : s with { Φ = other }
                    )
            ),
            Alternative.Of("the nonlinearity is applied to W_ih x + b_ih as well", Twice),
            Alternative.Of(
                "the nonlinearity is applied to W_ih x + b_ih alone",
                s => Twice(s) with { Φ = Nonlinearity.None }
            ),
            // after those that are the same where no value is large
            Alternative.Of("the nonlinearity is missing", s => s with { Φ = Nonlinearity.None }),
            Alternative.Of("h_{t−1} is added after the nonlinearity", s => s with { After = s.H }),
        ];

    // φ(W_ih x + b_ih) in the place of x, known up to its bound, and the identity in that of W_ih
    private static Steps Twice(Steps s)
    {
        var H = s.Size;
        var inner = StateBounds.Of(s with { W_hh = s.W_hh.Map(_ => 0), B_hh = Map(s.B_hh, _ => 0) });
        var identity = new double[H * H];
        for (var i = 0; i < H; i++)
            identity[i * H + i] = 1;
        return s with
        {
            X = new([.. inner.Select(e => e.Value.High)], s.Count, H),
            XRadius = new([.. inner.Select(e => e.Radius)], s.Count, H),
            XErrors = null,
            W_ih = new(identity, H, H),
            B_ih = Map(s.B_ih, _ => 0),
        };
    }

    // The weights of another layer or direction.
    private static IEnumerable<Alternative> Weights(IReadOnlyList<RecordedLayer> others)
    {
        foreach (var other in others)
        {
            yield return Of("W_ih", s => Fits(s) ? s with { W_ih = other.W_ih } : null);
            yield return Of("W_hh", s => s with { W_hh = other.W_hh });
            if (other.B_ih is not null)
            {
                yield return Of("b_ih", s => s with { B_ih = other.B_ih });
                yield return Of("b_hh", s => s with { B_hh = other.B_hh });
            }
            yield return Alternative.Of(
                $"the weights are those of {other.Name}",
                s =>
                    Fits(s)
                        ? s with
                        {
                            W_ih = other.W_ih,
                            W_hh = other.W_hh,
                            B_ih = other.B_ih,
                            B_hh = other.B_hh,
                        }
                        : null
            );

            bool Fits(Steps s) => other.W_ih.Columns == s.W_ih.Columns;

            Alternative Of(string weight, Func<Steps, Steps?> change) =>
                Alternative.Of($"{weight} is that of {other.Name}", change);
        }
    }

    private static bool IsSquare(Steps s) => s.W_ih.Columns == s.W_ih.Rows;

    private static double[]? First(double[]? bias) => Map(bias, _ => bias![0]);

    private static Matrix Repeat(double[] bias, Steps s) =>
        new([.. Enumerable.Repeat(bias, s.Count).SelectMany(b => b)], s.Count, s.Size);
}
