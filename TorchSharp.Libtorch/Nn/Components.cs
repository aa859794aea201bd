namespace TorchSharp;

// A module's parameters, or its submodules, by name, in the order of their registration.
internal sealed class Components<T>(string kind)
{
    private readonly List<(string Name, T Value)> entries = [];

    public IReadOnlyList<(string Name, T Value)> Entries => entries;

    public T this[string name]
    {
        set
        {
            if (IndexOf(name) is >= 0 and var i)
                entries[i] = (name, value);
            else
                entries.Add((name, value));
        }
    }

    public bool Contains(string name) => IndexOf(name) >= 0;

    public T? Find(string name) => IndexOf(name) is >= 0 and var i ? entries[i].Value : default;

    public void Add(string name, T value)
    {
        if (Contains(name))
            throw new InvalidOperationException($"{kind} {name} is already registered.");
        entries.Add((name, value));
    }

    public void Remove(string name) => entries.RemoveAll(e => e.Name == name);

    public void Clear() => entries.Clear();

    private int IndexOf(string name) => entries.FindIndex(e => e.Name == name);
}
