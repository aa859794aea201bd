using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Mutants;

/// <summary>What is done wrong, and where; what is left out is as in nn.RNNCell.</summary>
/// <param name="Step">One step.</param>
public sealed record Plant(Func<PlantedStep, Tensor>? Step = null)
{
    /// <summary>The ending of the layers and directions that are wrong: l0, reverse, l1_reverse; all of them if empty.</summary>
    public string Where { get; init; } = "";

    /// <summary>Whether the inputs are read from the wrong end.</summary>
    public bool ReadsBackwards { get; init; }

    /// <summary>Whether the states are returned in the opposite of the order in which they were computed.</summary>
    public bool JoinsBackwards { get; init; }

    /// <summary>What is taken for the input of the stack.</summary>
    public Func<Tensor, Tensor> Input { get; init; } = static input => input;

    /// <summary>What is taken for h_0, from h_0 and the h_n of the call before, either null where there is none.</summary>
    public Func<Tensor?, Tensor?, Tensor?> Initial { get; init; } = static (h_0, _) => h_0;

    /// <summary>What a layer above the first reads, from the layer below, the probability, and whether in training.</summary>
    public Func<Tensor, double, bool, Tensor>? Dropout { get; init; }

    /// <summary>What is returned, from the options, without dropout in evaluation, and the right output and h_n.</summary>
    public Func<RnnOptions, Tensor, Tensor, (Tensor, Tensor)> Results { get; init; } =
        static (_, output, h_n) => (output, h_n);
}

/// <summary>An RNN that is nn.RNNCell in a loop, but for what is planted.</summary>
public sealed class PlantedRnn : ElmanRnn
{
    private static readonly Plant right = new();
    private readonly Plant plant;
    private readonly double dropout;
    private StepSequence? stack;
    private StepSequence? below;
    private Tensor? last;

    /// <summary>Builds it from its options.</summary>
    public PlantedRnn(RnnOptions options, Plant plant)
        : base(nameof(PlantedRnn), plant?.Dropout is null ? options : options with { Dropout = 0 })
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(plant);
        (this.plant, dropout) = (plant, options.Dropout);
        RegisterWeights();
    }

    /// <inheritdoc/>
    public override (Tensor, Tensor) forward(Tensor input, Tensor? h_0 = null)
    {
        using var scope = NewDisposeScope();
        var (output, h_n) = base.forward(plant.Input(input), plant.Initial(h_0, last));
        last?.Dispose();
        last = h_n.detach().DetachFromDisposeScope();
        (output, h_n) = plant.Results(InMode, output, h_n);
        return scope.MoveToOuter(output, h_n);
    }

    // In evaluation nothing is dropped.
    private RnnOptions InMode => Options with { Dropout = training ? dropout : 0 };

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(suffix);
        stack = suffix == "l0" ? x : stack!;
        // both directions read the same
        if (!reverse)
            below = suffix == "l0" || plant.Dropout is null ? x : new(plant.Dropout(x.Data, dropout, training));

        var here = suffix.EndsWith(plant.Where, StringComparison.Ordinal) ? plant : right;
        var steps = below!.Steps(reverse ^ here.ReadsBackwards);
        var states = new List<Tensor>();
        for (var i = 0; i < steps.Length; i++)
        {
            var step = new PlantedStep(i, steps, states, h_0, suffix, Weights, InMode, stack.Steps(reverse));
            states.Add(here.Step is null ? step.Right() : here.Step(step));
        }
        if (here.JoinsBackwards)
            states.Reverse();
        return states;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            last?.Dispose();
        base.Dispose(disposing);
    }
}
