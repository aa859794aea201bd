namespace TorchSharp;

// Alone in its assembly, because TorchSharp 0.99.6 says `class` and 0.107.0 `sealed class`: whichever is written here,
// the type's own line, `T sealed class DisposeScope`, is in no list of what both have in common. Its members are.
public sealed partial class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static Nesting? nesting;

    private readonly Nesting home;
    private DisposeScope? outer;
    private List<IScoped> owned = [];
    private bool disposed;

    internal DisposeScope()
    {
        home = nesting ??= new Nesting();
        outer = home.Innermost;
        home.Innermost = this;
    }

    public IReadOnlyList<IDisposable> DisposablesView => [.. Owned];

    public int DisposablesCount => Owned.Count;

    private List<IScoped> Owned
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return owned;
        }
    }

    // Puts a new object into the thread's innermost scope, if there is one.
    internal static void Adopt(IScoped item) => nesting?.Innermost?.Add(item);

    // `replacement` takes the place of `original` in its scope.
    internal static void Replace(IScoped original, IScoped replacement)
    {
        if (original.Scope is not { } scope)
            return;
        scope.Remove(original);
        scope.Add(replacement);
    }

    public bool Contains(IDisposable disposable) => disposable is IScoped item && Holds(item);

    public void MoveToOuter(params IDisposable[] disposables) => Move(disposables, outer);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => Move(disposables, outer);

    public void Detach(params IDisposable[] disposables) => Move(disposables, null);

    public void Detach(IEnumerable<IDisposable> disposables) => Move(disposables, null);

    public void DisposeEverything() => DisposeEverythingBut((IEnumerable<IDisposable>)[]);

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    // What is kept and had no owner has one from now on, as in TorchSharp.
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ArgumentNullException.ThrowIfNull(inKeep);
        var before = Owned;
        owned = [];
        foreach (var item in inKeep.OfType<IScoped>())
            if ((item.Scope is null || item.Scope == this) && !Holds(item))
                Add(item);
        foreach (var item in before)
        {
            if (Holds(item))
                continue;
            item.Scope = null;
            item.Dispose();
        }
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (disposable is IScoped item && Holds(item))
            Remove(item);
    }

    public void Dispose()
    {
        if (disposed)
            return;
        DisposeEverything();
        home.Remove(this);
        disposed = true;
    }

    private bool Holds(IScoped item) => item.Scope == this && item.Slot < owned.Count && owned[item.Slot] == item;

    private void Add(IScoped item)
    {
        item.Scope = this;
        item.Slot = owned.Count;
        owned.Add(item);
    }

    // The last one takes the place of the one that goes.
    private void Remove(IScoped item)
    {
        var last = owned[^1];
        last.Slot = item.Slot;
        owned[item.Slot] = last;
        owned.RemoveAt(owned.Count - 1);
        item.Scope = null;
    }

    private void Move(IEnumerable<IDisposable> disposables, DisposeScope? target)
    {
        ArgumentNullException.ThrowIfNull(disposables);
        ObjectDisposedException.ThrowIf(disposed, this);
        foreach (var item in disposables.OfType<IScoped>())
        {
            if (!Holds(item))
                continue;
            Remove(item);
            target?.Add(item);
        }
    }

    // One thread's scopes, innermost first.
    private sealed class Nesting
    {
        public DisposeScope? Innermost;

        public void Remove(DisposeScope scope)
        {
            if (Innermost == scope)
            {
                Innermost = scope.outer;
                return;
            }
            for (var inner = Innermost; inner is not null; inner = inner.outer)
                if (inner.outer == scope)
                {
                    inner.outer = scope.outer;
                    return;
                }
        }
    }
}
