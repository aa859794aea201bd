using Rnn.Parity.Cases;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Mutants;

/// <summary>The wrong RNNs, and the right ones that stand beside them.</summary>
public static partial class Catalogue
{
    /// <summary>Every wrong RNN.</summary>
    public static IReadOnlyList<Mutant> Mutants { get; } =
    [
        .. Terms,
        .. Weights,
        .. Biases,
        .. States,
        .. Directions,
        .. Layers,
        .. Nonlinearities,
        .. Dropouts,
        .. Precisions,
        .. Documents,
        .. Gradients,
    ];

    /// <summary>What must survive: the implementations in both orders, both references, and nothing planted.</summary>
    public static IReadOnlyList<Mutant> Controls { get; } =
    [
        .. from rnn in RnnFactory.Implementations
        from order in Enum.GetValues<EvaluationOrder>()
        select Control($"{rnn}, {order}", o => rnn.Build(o with { Order = order })),
        Control(RnnFactory.Rnn.Name, RnnFactory.Rnn.Build),
        Control(RnnFactory.RnnCell.Name, RnnFactory.RnnCell.Build),
        Control("nothing planted", o => new PlantedRnn(o, new Plant())),
    ];

    private static Mutant Control(string name, Func<RnnOptions, nn.Module<Tensor, Tensor?, (Tensor, Tensor)>> build) =>
        new(name, "Nothing is wrong.", MutantKind.Control, new(name, build));

    private static Mutant Function(string name, string mistake, Plant plant, params Need[] needs) =>
        Planted(name, mistake, MutantKind.Function, plant, needs);

    private static Mutant Function(string name, string mistake, Func<PlantedStep, Tensor> step, params Need[] needs) =>
        Function(name, mistake, new Plant(step), needs);

    private static Mutant Planted(string name, string mistake, MutantKind kind, Plant plant, params Need[] needs) =>
        new(name, mistake, kind, new(name, o => new PlantedRnn(o, plant))) { Needs = needs };

    private static Tensor Zeros(Tensor like) => zeros(like.shape, like.dtype, like.device);

    private static Tensor Ones(Tensor like) => ones(like.shape, like.dtype, like.device);
}
