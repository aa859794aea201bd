using Rnn.Scratch.Backward;
using Rnn.Scratch.Notebooks;

namespace Rnn.Parity.Jobs;

/// <summary>Something that evaluates a case: forward and backward, or backward alone.</summary>
internal sealed record ExactRunner(
    string Name,
    EvaluationOrder Order,
    Func<RnnCase, CaseTensors, Device, IReadOnlyDictionary<string, Tensor>> Run,
    bool BackwardAlone = false
)
{
    /// <summary>Everything that is claimed to have the oracle's bits where nothing rounds.</summary>
    public static IReadOnlyList<ExactRunner> All { get; } =
    [
        Autograd(RnnFactory.Rnn, EvaluationOrder.WholeSequence),
        Autograd(RnnFactory.RnnCell, EvaluationOrder.PerStep),
        .. from factory in RnnFactory.Implementations
        from order in Enum.GetValues<EvaluationOrder>()
        select Autograd(factory, order),
        .. Enum.GetValues<EvaluationOrder>().Select(order => ByHand(RnnFactory.Implementations[0], order)),
        Autograd(new(nameof(LeftToRightRnn), static o => new LeftToRightRnn(o)), EvaluationOrder.PerStep),
    ];

    /// <summary>Whether it is cuDNN that evaluates it, where relu'(0) is 1.</summary>
    public bool IsCudnn(Device device) => Name == RnnFactory.Rnn.Name && RnnFactory.Rnn.IsCudnn(device);

    public static ExactRunner Autograd(RnnFactory factory, EvaluationOrder order) =>
        new(factory.Name, order, (c, tensors, device) => RnnRun.Of(factory, c.In(order), tensors, device));

    // The backward pass without autograd.
    private static ExactRunner ByHand(RnnFactory factory, EvaluationOrder order) =>
        new(
            nameof(BackwardPass),
            order,
            (c, tensors, device) =>
            {
                using var rnn = (ElmanRnn)factory.New(c.Options with { Order = order, Device = device });
                rnn.load_state_dict(tensors.Weights.ToDictionary());
                return BackwardPass
                    .Of(
                        rnn,
                        RnnRun.On(tensors.Input, device),
                        tensors.H_0 is null ? null : RnnRun.On(tensors.H_0, device),
                        RnnRun.On(tensors.GradOutput, device),
                        RnnRun.On(tensors.GradH_n, device)
                    )
                    .ToDictionary(g => $"grad.{g.Key}", g => g.Value.cpu());
            },
            BackwardAlone: true
        );

    public override string ToString() => $"{Name}, {Order}";
}
