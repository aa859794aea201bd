using static TorchSharp.torch;

namespace Rnn.Scratch;

/// <summary>The state dict of a module that names the parameters of its children itself.</summary>
internal static class StateDict
{
    /// <summary>Adds the module's named parameters to the destination, each name behind the prefix and a dot.</summary>
    public static Dictionary<string, Tensor> Of(
        nn.Module module,
        Dictionary<string, Tensor>? destination,
        string? prefix
    )
    {
        destination ??= [];
        foreach (var (name, parameter) in module.named_parameters())
            destination.TryAdd(string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}", parameter);
        return destination;
    }
}
