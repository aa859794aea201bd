using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>An RNN that is built for a case on a device, has its weights, and is called.</summary>
internal sealed class BuiltRnn(RnnFactory factory, RnnCase c, CaseTensors tensors, Device device) : IDisposable
{
    public Module<Tensor, Tensor?, (Tensor, Tensor)> Module { get; } = Build(factory, c, tensors.Weights, device);

    public void Dispose()
    {
        if (!factory.IsCallers)
            factory.Try("could not be disposed of", Module.Dispose);
    }

    public (Tensor output, Tensor h_n) Call(CaseTensors given)
    {
        var (input, h_0) = (RnnRun.On(given.Input, device), given.H_0 is null ? null : RnnRun.On(given.H_0, device));
        using var without = c.ForwardOnly ? no_grad() : null;
        return Checked(given, input, h_0, () => RnnRun.Forward(Module, c, input, h_0));
    }

    /// <summary>A call, and copies of what it returned, if this is what nn.RNN returns.</summary>
    public List<(Tensor result, Tensor copy)> CallAndCopy()
    {
        var (output, h_n) = Call(tensors);
        var copies = new List<(Tensor, Tensor)>();
        foreach (var (result, shape) in new[] { (output, c.RunOutputShape), (h_n, c.StateShape) })
            if (RunContract.Fault("", result, shape, c.Dtype, device) is null)
                copies.Add((result, result.detach().clone()));
        return copies;
    }

    /// <summary>Half the steps of half the sequences with an h_0, then all steps of each sequence twice, in the other mode.</summary>
    public void CallOtherwise()
    {
        var (time, batch, trains) = (c.Options.BatchFirst ? 1 : 0, c.Options.BatchFirst ? 0 : 1, Module.training);
        var sequences = (c.B + 1) / 2;
        if (!factory.Own.Evaluation && !factory.IsCudnn(device))
            Train(!trains);
        Call(
            tensors with
            {
                Input = tensors.Input.narrow(batch, 0, sequences).narrow(time, 0, c.T / 2),
                // any state will do
                H_0 = factory.Own.WithoutInitialState ? null : tensors.GradH_n.narrow(1, 0, sequences),
            }
        );
        if (c.OtherCalls > 1)
            Call(
                tensors with
                {
                    Input = cat([tensors.Input, tensors.Input], batch),
                    H_0 = tensors.H_0 is { } h_0 ? cat([h_0, h_0], 1) : null,
                }
            );
        Train(trains);
    }

    private void Train(bool on) => factory.Try("could not change its mode", () => Module.train(on));

    /// <summary>A call as it counts: of what others draw meanwhile nothing is in it.</summary>
    public (Tensor output, Tensor h_n) Drawn(Tensor input, Tensor? h_0)
    {
        return GlobalGenerator.Drawn(c, () => RnnRun.Forward(Module, c, input, h_0), Same);

        // what is no output is told as that
        bool Same((Tensor output, Tensor h_n) one, (Tensor output, Tensor h_n) other) =>
            RunContract.Fault("output", one.output, c.RunOutputShape, c.Dtype, device) is not null
            || TensorComparison.Compare("output", one.output, other.output) is null;
    }

    public Dictionary<string, Tensor> Run(bool isFirst)
    {
        using var without = c.ForwardOnly ? no_grad() : null;
        var input = Leaf(tensors.Input, c.InputLayout);
        var h_0 = tensors.H_0 is null ? null : Leaf(tensors.H_0, c.StateLayout);
        var results = Checked(tensors, input, h_0, () => Drawn(input, h_0));
        var weights = factory.Try(
            "does not give its parameters",
            () => factory.Own.Weights(Module, tensors.Weights.Keys)
        );
        Unchanged(weights);
        var (output, h_n) = Fitting(results);
        var quantities = new Dictionary<string, Tensor> { ["output"] = Result(output), ["h_n"] = Result(h_n) };
        if (c.ForwardOnly)
            return quantities;
        List<(string name, Tensor tensor)> leaves =
        [
            ("input", input),
            .. h_0 is null ? [] : new[] { ("h_0", h_0) },
            .. weights,
        ];
        try
        {
            factory.Try("could not run backward", () => Differentiate(quantities, leaves, [output, h_n]));
        }
        catch (RunException e) when (!isFirst && !factory.IsCallers && RunsOnce())
        {
            throw new RunException(
                $"{factory.Name}: its first call runs backward, and a later one does not: it changes a tensor in place, or it keeps a state, or something computed from weights, with the graph of an earlier call; each call is to begin with h_0, or with zeros",
                e
            );
        }
        // a gradient of its own may write as well
        Unchanged(weights);
        Unchanged(tensors, input, h_0);
        return quantities;
    }

    private void Unchanged(IReadOnlyList<(string name, Tensor parameter)> weights)
    {
        foreach (var (name, parameter, value) in factory.Own.Held(weights, tensors.Weights))
            RunContract.Unchanged(factory, name, parameter, value);
    }

    /// <summary>The results of a call of the case's sizes, if they are what nn.RNN returns.</summary>
    public (Tensor output, Tensor h_n) Fitting((Tensor output, Tensor h_n) results)
    {
        RunContract.Result(factory, "output", results.output, c.RunOutputShape, c.Dtype, device);
        RunContract.Result(factory, "h_n", results.h_n, c.StateShape, c.Dtype, device);
        return results;
    }

    private void Unchanged(CaseTensors given, Tensor input, Tensor? h_0)
    {
        RunContract.Unchanged(factory, "input", input, given.Input);
        if (h_0 is not null)
            RunContract.Unchanged(factory, "h_0", h_0, given.H_0!);
    }

    private static Module<Tensor, Tensor?, (Tensor, Tensor)> Build(
        RnnFactory factory,
        RnnCase c,
        IReadOnlyDictionary<string, Tensor> weights,
        Device device
    )
    {
        // in evaluation it is what it is in training without dropout
        var trains = !c.Evaluation || factory.IsCudnn(device);
        var options = c.Options with
        {
            Dtype = c.Dtype,
            Device = device,
            Dropout = trains && c.Evaluation ? 0 : c.Options.Dropout,
        };
        var rnn = factory.Try("could not be built", () => factory.New(options));
        if (rnn is null)
            throw new RunException($"{factory.Name}: the factory gives null, an RNN is expected");
        RunContract.Weights(factory, rnn, weights, device);
        factory.Load(rnn, weights);
        factory.Try("could not change its mode", () => rnn.train(trains));
        return rnn;
    }

    // Whether the first call of a new one runs, forward and backward.
    private bool RunsOnce()
    {
        try
        {
            using var another = new BuiltRnn(factory, c, tensors, device);
            another.Run(isFirst: true);
            return true;
        }
        catch (RunException)
        {
            return false;
        }
    }

    // What a call returns, if it leaves what it is given as it was.
    private (Tensor output, Tensor h_n) Checked(
        CaseTensors given,
        Tensor input,
        Tensor? h_0,
        Func<(Tensor output, Tensor h_n)> call
    )
    {
        var layout =
            c.Unbatched ? "(T, I)"
            : c.Options.BatchFirst ? "(B, T, I)"
            : "(T, B, I)";
        var initial = h_0 is null ? "no h_0" : $"h_0 {TensorComparison.Shape(h_0.shape)}";
        var results = factory.Try(
            $"could not run forward, with x {TensorComparison.Shape(input.shape)} as {layout} and {initial}",
            call
        );
        Unchanged(given, input, h_0);
        return results;
    }

    private void Differentiate(
        Dictionary<string, Tensor> quantities,
        List<(string name, Tensor tensor)> leaves,
        List<Tensor> outputs
    )
    {
        // one bias may stand for two
        List<Tensor> inputs =
        [
            .. leaves.Select(leaf => leaf.tensor).Distinct<Tensor>(ReferenceEqualityComparer.Instance),
        ];
        List<Tensor> cotangents = [RnnRun.On(c.Cotangent(tensors), device), RnnRun.On(tensors.GradH_n, device)];
        var first = Gradients.Of(outputs, inputs, cotangents, c.SecondOrder);
        Add("grad", first);
        if (!c.SecondOrder)
            return;
        var differentiable = first.OfType<Tensor>().Where(g => g.requires_grad).ToList();
        if (differentiable.Count > 0)
            Add("grad2", Gradients.Of(differentiable, inputs, differentiable.ConvertAll(g => g.detach())));

        void Add(string order, Tensor?[] gradients)
        {
            foreach (var (name, leaf) in leaves)
                if (gradients[inputs.FindIndex(input => ReferenceEquals(input, leaf))] is { } gradient)
                    quantities[$"{order}.{name}"] = gradient.is_sparse
                        ? throw new RunException($"{order}.{name} is sparse, a dense tensor is expected")
                        : Result(name[0] == 'w' ? factory.Own.Turn(gradient) : gradient);
        }
    }

    private Tensor Leaf(Tensor value, Layout layout) => RnnRun.Lay(value, layout, device).detach().requires_grad_();

    private static Tensor Result(Tensor value) => value.detach().cpu();
}
