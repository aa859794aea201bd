using Rnn.Parity.Cases;
using Rnn.Scratch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>What a planted step can reach.</summary>
/// <param name="I">The turn, from 0.</param>
/// <param name="X">The inputs in the order of the turns.</param>
/// <param name="States">The states of the turns before.</param>
/// <param name="H_0">The state before the first turn.</param>
/// <param name="W">The weights.</param>
/// <param name="Φ">The nonlinearity.</param>
/// <param name="Stack">The inputs of the stack in the order of the turns.</param>
public sealed record PlantedStep(
    int I,
    Tensor[] X,
    IReadOnlyList<Tensor> States,
    Tensor H_0,
    ElmanWeights W,
    Func<Tensor, Tensor> Φ,
    Tensor[] Stack
)
{
    public Tensor X_t => X[I];

    public Tensor H => Back(1);

    /// <summary>h_{t−n}; h_0 where there is none.</summary>
    public Tensor Back(int n) => I < n ? H_0 : States[I - n];

    /// <summary>As nn.RNNCell has it: φ((W_ih x + b_ih) + (W_hh h + b_hh)).</summary>
    public Tensor Right(Tensor? x = null, Tensor? h = null, ElmanWeights? w = null) => Φ(Sum(x, h, w));

    public Tensor Sum(Tensor? x = null, Tensor? h = null, ElmanWeights? w = null) =>
        Affine(x ?? X_t, (w ?? W).W_ih, (w ?? W).B_ih) + Affine(h ?? H, (w ?? W).W_hh, (w ?? W).B_hh);

    public static Tensor Affine(Tensor x, Tensor W, Tensor? b) => b is null ? x.mm(W.t()) : b.addmm(x, W.t());
}

/// <summary>Where and what to plant; what is left out is as in nn.RNNCell.</summary>
/// <param name="Step">The step.</param>
/// <param name="ReadsBackwards">Whether the inputs are read from the wrong end.</param>
/// <param name="JoinsBackwards">Whether the states are returned in the opposite of the order of the turns.</param>
public sealed record Plant(Func<PlantedStep, Tensor> Step, bool ReadsBackwards = false, bool JoinsBackwards = false);

/// <summary>An RNN that is nn.RNNCell in a loop, but for what is planted in one layer and direction.</summary>
internal sealed class PlantedRnn : ElmanRnn
{
    private static readonly Plant right = new(static s => s.Right());
    private readonly string where;
    private readonly Plant plant;
    private StepSequence? stack;

    public PlantedRnn(RnnOptions options, string where, Plant plant)
        : base(nameof(PlantedRnn), options)
    {
        (this.where, this.plant) = (where, plant);
        RegisterWeights();
        RegisterComponents();
    }

    protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse)
    {
        stack = suffix == "l0" ? x : stack!;
        var here = where == "*" || where == suffix ? plant : right;
        var steps = x.Steps(reverse ^ here.ReadsBackwards);
        var states = new List<Tensor>();
        for (var i = 0; i < steps.Length; i++)
            states.Add(
                here.Step(new(i, steps, states, h_0, Weights(suffix), Options.Activation, stack.Steps(reverse)))
            );
        if (here.JoinsBackwards)
            states.Reverse();
        return states;
    }
}

/// <summary>nn.RNNCell in a loop, whose results are spoilt at the end.</summary>
internal sealed class SpoiltRnn(RnnOptions options, Func<Tensor, Tensor, (Tensor, Tensor)> spoil)
    : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>(nameof(SpoiltRnn))
{
    private readonly RnnCellLoop inner = new(options);

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
        inner.named_parameters(recurse);

    public override Dictionary<string, Tensor> state_dict(
        Dictionary<string, Tensor>? destination = null,
        string? prefix = null
    ) => inner.state_dict(destination, prefix);

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h_0)
    {
        var (output, h_n) = inner.call(input, h_0);
        return spoil(output, h_n);
    }
}
