using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>In what an RNN of one's own is unlike nn.RNN, so that the two can be compared.</summary>
public sealed record OwnRnn
{
    /// <summary>
    /// Its name of each weight, by nn.RNN's: <c>["weight_ih_l0"] = "i2h.weight"</c>. What is not here has nn.RNN's name. Where
    /// both biases of a layer have one name, there is one bias, their sum.
    /// </summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether its weight matrices are (in, out), the transposes of nn.RNN's.</summary>
    public bool Transposed { get; init; }

    /// <summary>Its parameters that are not the RNN's, as those of a head behind it.</summary>
    public IReadOnlyCollection<string> Others { get; init; } = [];

    /// <summary>Whether it takes no h_0, and always starts from zeros.</summary>
    public bool WithoutInitialState { get; init; }

    /// <summary>Whether it has no gradients; then output and h_n alone are compared.</summary>
    public bool ForwardOnly { get; init; }

    /// <summary>Whether it is called in evaluation alone, as a trained one that is in evaluation.</summary>
    internal bool Evaluation { get; init; }

    /// <summary>A cell that is called once for each step, as a forward function; not for batch first.</summary>
    /// <param name="step">(cell, x_t (B, I), h_{t−1} (B, H)) to h_t (B, H).</param>
    public static Func<T, Tensor, Tensor, (Tensor, Tensor)> Loop<T>(Func<T, Tensor, Tensor, Tensor> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return (cell, x, h_0) =>
        {
            if (x.size(1) != h_0.size(1))
                throw new ArgumentException("Loop takes x (T, B, I), and not batch first");
            var (h, states) = (h_0[0], new List<Tensor>());
            foreach (var x_t in x.unbind(0))
                states.Add(h = step(cell, x_t, h) ?? throw new RunException("the step gives null, h_t is expected"));
            return (stack(states, 0), h.unsqueeze(0));
        };
    }

    /// <summary>Refuses names that nn.RNN has not, and one parameter for two weights that are not the biases of one layer.</summary>
    internal void Check(RnnOptions options)
    {
        RnnCase.CheckLayers(options);
        ArgumentNullException.ThrowIfNull(Names);
        ArgumentNullException.ThrowIfNull(Others);
        var theirs = options.WeightNames.ToList();
        if (Names.Keys.Except(theirs).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"own: {unknown} is none of nn.RNN's weights, {string.Join(", ", theirs)}");
        if (Names.FirstOrDefault(n => n.Value is null).Key is { } unnamed)
            throw new ArgumentException($"own: the name of {unnamed} is null");
        if (Others.Contains(null!))
            throw new ArgumentException("own: a name in Others is null");
        foreach (var same in theirs.GroupBy(NameOf).Where(group => group.Count() > 1))
            if (
                same.Any(name => name[0] != 'b')
                || same.Select(name => name["bias_ih".Length..]).Distinct().Count() > 1
            )
                throw new ArgumentException(
                    $"own: {same.Key} is {string.Join(" and ", same)}; one parameter can be both biases of a layer alone"
                );
    }

    /// <summary>What of a case it can run: without h_0 or gradients where it has none.</summary>
    internal RnnCase Fit(RnnCase c) =>
        c with
        {
            WithoutInitialState = c.WithoutInitialState || WithoutInitialState,
            ForwardOnly = c.ForwardOnly || ForwardOnly,
            Evaluation = c.Evaluation || Evaluation,
        };

    /// <summary>nn.RNN's weights by name, as the RNN's parameters hold them.</summary>
    internal IReadOnlyList<(string name, Tensor parameter)> Weights(Module rnn, IEnumerable<string> names)
    {
        var own = Parameters(rnn);
        return
        [
            .. names.Select(name =>
                own.TryGetValue(NameOf(name), out var parameter)
                    ? (name, parameter)
                    : throw new RunException($"{NameOf(name)} is gone: it has been disposed")
            ),
        ];
    }

    internal static Dictionary<string, Tensor> Parameters(Module rnn) =>
        (rnn is Adapted { Inner: var inner } ? inner : rnn)
            .named_parameters()
            .ToDictionary(p => p.name, p => (Tensor)p.parameter);

    internal string NameOf(string name) => Names.GetValueOrDefault(name, name);

    /// <summary>A weight of nn.RNN's as it would hold it, and the other way.</summary>
    internal Tensor Turn(Tensor weight) => Transposed && weight.dim() == 2 ? weight.t() : weight;

    /// <summary>nn.RNN's weights from its own; one bias is b_ih, and b_hh is zero.</summary>
    internal Dictionary<string, Tensor> WeightsOf(IReadOnlyDictionary<string, Tensor> own, RnnOptions options)
    {
        var weights = new Dictionary<string, Tensor>();
        foreach (var name in options.WeightNames)
            if (own.TryGetValue(NameOf(name), out var weight))
            {
                var (shape, expected) = (Turn(weight).shape, options.ShapeOf(name));
                if (!shape.SequenceEqual(expected))
                    throw new ArgumentException(
                        $"trained: {NameOf(name)} is ({string.Join(", ", weight.shape)}), and the options ask for ({string.Join(", ", Turn(zeros(expected)).shape)})"
                    );
                weights[name] = weights.Keys.Any(other => NameOf(other) == NameOf(name))
                    ? zeros_like(weight)
                    : Turn(weight);
            }
        return weights;
    }

    internal void Load(Module rnn, IReadOnlyDictionary<string, Tensor> weights)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        foreach (var (_, parameter, value) in Held(Weights(rnn, weights.Keys), weights))
            parameter.copy_(value);
    }

    /// <summary>What each of its parameters holds, by its own name: one that is two biases, their sum.</summary>
    internal IEnumerable<(string name, Tensor parameter, Tensor value)> Held(
        IEnumerable<(string name, Tensor parameter)> own,
        IReadOnlyDictionary<string, Tensor> weights
    ) =>
        from weight in own
        group weight by NameOf(weight.name) into same
        let sum = same.Select(w => weights[w.name]).Aggregate(static (a, b) => a.Plus(b))
        select (same.Key, same.First().parameter, Turn(sum));
}
