namespace Rnn.Parity.Divergences;

/// <summary>Steps with another input than x_t, and those of the wrong direction.</summary>
internal static class Inputs
{
    /// <summary>Every other input that a pass can have read.</summary>
    public static IEnumerable<Alternative> Of(Pass pass) => [.. Neighbours, .. Directions(pass), .. Below(pass)];

    private static IEnumerable<Alternative> Neighbours =>
        [
            new("the term W_ih x has x_{t−1} for x_t", static (p, i) => At(p, i, p.Time(i) - 1)),
            new("the term W_ih x has x_{t+1} for x_t", static (p, i) => At(p, i, p.Time(i) + 1)),
        ];

    // Time runs one way for the inputs, for the states, or for both.
    private static IEnumerable<Alternative> Directions(Pass pass)
    {
        var other = pass.Reverse ? "forward" : "in reverse";
        yield return new($"the term W_ih x has its steps read {other}", static (p, i) => At(p, i, p.T - 1 - p.Time(i)));
        yield return new($"the direction is wrong: it runs {other}", static (p, i) => Before(p, i, p.Time(i)));
        yield return new(
            "the states are joined in the wrong order of time",
            static (p, i) => Before(p, i, p.T - 1 - p.Time(i))
        );
    }

    // A layer above the first reads the directions of the layer below, forward first.
    private static IEnumerable<Alternative> Below(Pass pass)
    {
        for (var layer = 0; layer < pass.Layer; layer++)
        {
            var from = pass.Trace.Passes.First(p => p.Layer == layer).Inputs;
            yield return new(
                layer == 0
                    ? "the term W_ih x has the input of the stack for the layer below"
                    : $"the term W_ih x has the states of layer {layer - 1} for those of the layer below",
                (p, i) => With(p, i, from[p.Time(i)])
            );
        }
        if (pass.Layer == 0 || !pass.Trace.Case.Options.Bidirectional)
            yield break;
        yield return new(
            "the term W_ih x has the directions of the layer below in the wrong order",
            static (p, i) =>
                With(
                    p,
                    i,
                    [.. p.Inputs[p.Time(i)].Select(x => x[p.W_hh.Length..].Concat(x[..p.W_hh.Length]).ToArray())]
                )
        );
    }

    // The input of another step of the sequence; beyond its ends there is zero.
    private static Step At(Pass p, int i, int time) =>
        p.At(i) with
        {
            X = time >= 0 && time < p.T ? p.Inputs[time] : Values.Map(p.Inputs[0], _ => 0),
        };

    // The state beside this one on the wrong side of time, with the given input.
    private static Step Before(Pass p, int i, int time) =>
        At(p, i, time) with
        {
            H = i + 1 < p.T ? p.State(i + 1) : p.H_0,
        };

    private static Step? With(Pass p, int i, double[][] x) =>
        x[0].Length == p.W_ih[0].Length ? p.At(i) with { X = x } : null;
}
