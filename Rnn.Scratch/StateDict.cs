using static TorchSharp.torch;

namespace Rnn.Scratch;

/// <summary>State dicts by nn.RNN's names: written for a module that names its children's parameters itself, and read.</summary>
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

    /// <summary>Copies every entry into the module's weight of its name: all of them or, if one does not fit, none.</summary>
    /// <param name="module">The module to fill.</param>
    /// <param name="who">What the sentences call it.</param>
    /// <param name="source">The entries; a module of TorchSharp's would stretch one of a shape that broadcasts.</param>
    /// <param name="strict">Whether a missing and an extra entry are mistakes.</param>
    /// <param name="skip">Names that are neither looked for nor read.</param>
    /// <returns>The names that are missing and those that are extra.</returns>
    /// <exception cref="ArgumentException">An entry is missing, extra or misshapen; each in a sentence of its own.</exception>
    public static (IList<string> missing, IList<string> extra) Load(
        nn.Module module,
        string who,
        Dictionary<string, Tensor> source,
        bool strict,
        IList<string>? skip
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        foreach (var (name, entry) in source)
            CheckInput.Expect(entry is not null, $"{name} is null, a tensor is expected");
        var target = module.state_dict();
        List<string> missing = [.. target.Keys.Except(source.Keys).Except(skip ?? [])];
        List<string> extra = [.. source.Keys.Except(target.Keys).Except(skip ?? [])];
        List<string> common = [.. target.Keys.Intersect(source.Keys).Except(skip ?? [])];

        var misfits = common
            .Where(name => !source[name].shape.SequenceEqual(target[name].shape))
            .Select(name => $"{name} is {Shape(source[name])}, the {who} expects {Shape(target[name])}");
        if (strict)
            misfits = missing
                .Select(name => $"{name} is missing, the {who} expects it to be {Shape(target[name])}")
                .Concat(extra.Select(name => $"{name} is {Shape(source[name])}, the {who} expects no such entry"))
                .Concat(misfits);
        var sentences = string.Join("\n", misfits);
        CheckInput.Expect(sentences.Length == 0, sentences);

        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var name in common)
            target[name].copy_(source[name]);
        return (missing, extra);
    }

    private static string Shape(Tensor tensor) => $"({string.Join(", ", tensor.shape)})";
}
