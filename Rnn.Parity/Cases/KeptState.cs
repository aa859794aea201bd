using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>The weights and modes of an RNN and of its parts, which it has again when this is disposed of.</summary>
internal sealed class KeptState : IDisposable
{
    private readonly IReadOnlyDictionary<string, Tensor> parameters;
    private readonly List<(Module module, bool training)> modes;

    public KeptState(Module rnn, IReadOnlyDictionary<string, Tensor> parameters)
    {
        this.parameters = parameters;
        Weights = parameters.ToDictionary(p => p.Key, p => RnnRun.On(p.Value.detach(), CPU));
        // from the whole to its parts
        modes = [(rnn, rnn.training), .. rnn.named_modules().Select(m => (m.module, m.module.training))];
    }

    /// <summary>By the RNN's own names, on the CPU.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights { get; }

    public void Dispose()
    {
        using var without = no_grad();
        using var scope = NewDisposeScope();
        // what was made under inference mode cannot be written to
        foreach (var (name, value) in Weights.Where(w => !parameters[w.Key].IsInvalid))
            if (TensorComparison.Compare(name, RnnRun.On(parameters[name].detach(), CPU), value) is not null)
                parameters[name].copy_(value);
        foreach (var (module, mode) in modes)
            try
            {
                module.train(mode);
            }
            catch (Exception)
            {
                // a train() of theirs may throw, or what they disposed of; what was found is told
            }
    }
}
