namespace Rnn.Parity.Bounds;

/// <summary>Whether a recorded run is one of its case, checked before anything is computed from it.</summary>
internal static class RunFits
{
    /// <summary>Refuses what is missing, of another name, shape, type or device.</summary>
    public static void Check(RnnCase c, CaseTensors tensors, IReadOnlyDictionary<string, Tensor> run, Inner? inner)
    {
        c.Options.Checked();
        CheckInput.Size("T", c.T);
        CheckInput.Size("B", c.B);
        var names = c.Options.WeightNames.ToList();
        var (given, of) = (tensors.Weights.Keys, string.Join(", ", tensors.Weights.Keys));
        if (names.Except(given).FirstOrDefault() is { } missing)
            throw new ArgumentException($"the weights have no {missing}; they are {of}");
        if (given.Except(names).FirstOrDefault() is { } extra)
            throw new ArgumentException($"the weights have a {extra}, which nn.RNN with these options has not");
        foreach (var (name, weight) in tensors.Weights)
            Fit(name, weight, c.Options.ShapeOf(name));
        Fit("input", tensors.Input, c.InputShape);
        if (tensors.H_0 is { } h_0)
            Fit("h_0", h_0, c.StateShape);
        if (!run.TryGetValue("output", out var output))
            throw new ArgumentException("the run has no output");
        var shapes = new CaseShapes(c);
        foreach (var (name, quantity) in run)
            Fit(
                name,
                quantity,
                shapes.OfQuantity(name) ?? throw new ArgumentException($"{name} is no quantity of a run")
            );
        if (inner is null)
            return;
        CheckInput.Expect(
            inner.Outputs.Count == c.Options.NumLayers,
            $"inner has the outputs of {inner.Outputs.Count} layers, {c.Options.NumLayers} are expected"
        );
        foreach (var layer in inner.Outputs)
            Fit("an output of inner", layer, c.RunOutputShape);
        if (inner.Adjoints is { } adjoints)
        {
            CheckInput.Expect(
                adjoints.Count == c.Options.Suffixes.Count(),
                $"inner has the adjoints of {adjoints.Count} layers and directions, {c.Options.Suffixes.Count()} are expected"
            );
            foreach (var adjoint in adjoints)
                Fit("an adjoint of inner", adjoint, shapes.OfAdjoint);
        }
        if (TensorComparison.Compare("output", inner.Outputs[^1], output) is { } other)
            throw new ArgumentException($"inner's last output is not the run's: {other}");

        void Fit(string name, Tensor? value, long[] shape)
        {
            ArgumentNullException.ThrowIfNull(value, name);
            if (value.IsInvalid)
                throw new ArgumentException($"{name} has been disposed");
            CheckInput.Expect(
                !value.is_sparse && value.device_type == TorchSharp.DeviceType.CPU,
                $"{name} is not a dense tensor on the CPU"
            );
            CheckInput.Expect(value.dtype == c.Dtype, $"{name} is {value.dtype}, the options ask for {c.Dtype}");
            if (TensorComparison.Mismatch(value, shape, c.Dtype) is { } mismatch)
                throw new ArgumentException($"{name} {mismatch}");
        }
    }
}
