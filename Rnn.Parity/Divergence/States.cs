namespace Rnn.Parity.Divergences;

/// <summary>Steps with another state than h_{t−1}.</summary>
internal static class States
{
    /// <summary>Every other state that a pass can have taken.</summary>
    public static IEnumerable<Alternative> Of(Pass pass) =>
        [
            new(
                "the term W_hh h has zero for h_0",
                static (p, i) => i > 0 ? p.At(i) : p.At(i) with { H = Values.Map(p.H_0, _ => 0) }
            ),
            new("the term W_hh h has h_{t−2} for h_{t−1}", static (p, i) => p.At(i) with { H = p.State(i - 2) }),
            new("the term W_hh h has h_0 for h_{t−1}", static (p, i) => p.At(i) with { H = p.H_0 }),
            new(
                "the term W_hh h has the state of the row before",
                static (p, i) => p.At(i) with { H = [p.State(i - 1)[^1], .. p.State(i - 1)[..^1]] }
            ),
            .. OtherFunctions
                .Others(pass)
                .Select(other => new Alternative(
                    $"the term W_hh h has the h_0 of {other.Name}",
                    (p, i) => i > 0 ? p.At(i) : p.At(i) with { H = other.H_0 }
                )),
        ];
}
