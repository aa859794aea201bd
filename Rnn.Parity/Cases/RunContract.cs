using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>What an RNN must have to be compared with nn.RNN, checked before libtorch computes with it.</summary>
internal static class RunContract
{
    /// <summary>The weights of nn.RNN, by name, shape, type and device, and no other; load_state_dict would stretch what broadcasts.</summary>
    public static void Weights(
        RnnFactory factory,
        Module<Tensor, Tensor?, (Tensor, Tensor)> rnn,
        IReadOnlyDictionary<string, Tensor> weights,
        Device device
    )
    {
        var own = factory.Try("does not give its parameters", () => OwnRnn.Parameters(rnn));
        Expect(
            factory,
            own.Count == 0
                ? "it has no parameters: none is registered, or it has been disposed; the factory has to build a new one at each call"
                : null
        );
        foreach (var (theirs, weight) in weights)
        {
            var (name, expected) = (factory.Own.NameOf(theirs), factory.Own.Turn(weight));
            Expect(
                factory,
                !own.TryGetValue(name, out var parameter)
                        ? $"it has no parameter {name} {TensorComparison.Shape(expected.shape)}, and nn.RNN has{(name == theirs ? "" : $" {theirs}")}; its own, each by its first name, are {string.Join(", ", own.Select(p => p.Value.IsInvalid ? p.Key : $"{p.Key} {TensorComparison.Shape(p.Value.shape)}"))}"
                    : parameter.IsInvalid ? $"{name} has been disposed; the factory has to build a new RNN at each call"
                    : parameter.device_type != device.type ? $"{name} is on {parameter.device}, {device} is expected"
                    : TensorComparison.Mismatch(parameter, expected.shape, expected.dtype) is { } mismatch
                        ? $"{name} {mismatch}{Gated(parameter, expected)}"
                    : null
            );
            if (!parameter!.requires_grad && !factory.Own.ForwardOnly)
                throw new RunException(
                    $"{factory}: {name} requires no gradient; where that is meant, ForwardOnly compares output and h_n alone"
                )
                {
                    Evidence = factory.IsCallers ? Evidence.Undecided : Evidence.Differs,
                };
        }
        if (factory.Own.Others.Except(own.Keys).FirstOrDefault() is { } none)
            Expect(
                factory,
                $"Others has {none}, and it has no such parameter; its own are {string.Join(", ", own.Keys)}"
            );
        if (
            own.Keys.Except(weights.Keys.Select(factory.Own.NameOf)).Except(factory.Own.Others).FirstOrDefault() is
            { } extra
        )
            Expect(
                factory,
                $"it has a parameter {extra} {TensorComparison.Shape(own[extra].shape)}, and {(weights.ContainsKey(extra) ? $"Names says that nn.RNN's is {factory.Own.NameOf(extra)}" : "nn.RNN has not; Others takes the names of what is not the RNN's")}"
            );
    }

    /// <summary>A result of the shape and type of nn.RNN's, of which autograd has the gradient.</summary>
    public static void Result(
        RnnFactory factory,
        string name,
        Tensor? value,
        long[] shape,
        ScalarType dtype,
        Device device
    ) =>
        Expect(
            factory,
            Fault(name, value, shape, dtype, device)
                ?? (
                    value!.requires_grad || !is_grad_enabled()
                        ? null
                        : $"{name} requires no gradient: it is detached, or computed under no_grad"
                )
        );

    /// <summary>What is wrong with a result but for its gradient, in a sentence; null if nothing is.</summary>
    public static string? Fault(string name, Tensor? value, long[] shape, ScalarType dtype, Device device) =>
        value is null ? $"{name} is null, a tensor is expected"
        : value.IsInvalid ? $"{name} has been disposed"
        : value.is_sparse ? $"{name} is sparse, a dense tensor is expected"
        : value.device_type != device.type ? $"{name} is on {value.device}, {device} is expected"
        : TensorComparison.Mismatch(value, shape, dtype) is { } mismatch
            ? $"{name} {mismatch}{(value.shape.Order().SequenceEqual(shape.Order()) && value.dtype == dtype ? ": the dimensions are in another order" : "")}"
        : null;

    /// <summary>What a call was given, and an earlier result, keep their bits.</summary>
    public static void Unchanged(
        RnnFactory factory,
        string name,
        Tensor given,
        Tensor before,
        string why = "it is changed in place"
    ) =>
        Expect(
            factory,
            given.IsInvalid ? $"{name} has been disposed"
                : TensorComparison.Compare(name, given, before) is not null
                    ? $"{name} is not what it was before the call: {why}"
                : null
        );

    private static string Gated(Tensor weight, Tensor expected) =>
        weight.dim() == 0 || expected.dim() == 0 ? ""
        : weight.shape[0] == 4 * expected.shape[0] ? ": an LSTM has four times the rows"
        : weight.shape[0] == 3 * expected.shape[0] ? ": a GRU has three times the rows"
        : "";

    private static void Expect(RnnFactory factory, string? sentence)
    {
        if (sentence is not null)
            throw new RunException($"{factory}: {sentence}");
    }
}
