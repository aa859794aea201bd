namespace TorchSharp;

// Alone in its assembly, because TorchSharp 0.99.6 says `class` and 0.107.0 `sealed class`: whichever is written here,
// the type's own line, `T sealed class DisposeScope`, is in no list of what both have in common. Its members are.
public sealed partial class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static Nesting? nesting;

    private readonly Nesting home;
    private DisposeScope? outer;
    private HashSet<IDisposable> owned = new(ReferenceEqualityComparer.Instance);
    private bool disposed;

    internal DisposeScope()
    {
        home = nesting ??= new Nesting();
        outer = home.Innermost;
        home.Innermost = this;
    }

    public IReadOnlyList<IDisposable> DisposablesView => [.. Owned];

    public int DisposablesCount => Owned.Count;

    private HashSet<IDisposable> Owned
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return owned;
        }
    }

    // Puts a new object into the thread's innermost scope, if there is one.
    internal static void Adopt(IScoped item)
    {
        if (nesting?.Innermost is { } scope)
        {
            scope.owned.Add(item);
            item.Scope = scope;
        }
    }

    // `replacement` takes the place of `original` in its scope.
    internal static void Replace(IScoped original, IScoped replacement)
    {
        if (original.Scope is { } scope && scope.owned.Remove(original))
        {
            original.Scope = null;
            scope.owned.Add(replacement);
            replacement.Scope = scope;
        }
    }

    public bool Contains(IDisposable disposable) => owned.Contains(disposable);

    public void MoveToOuter(params IDisposable[] disposables) => Move(disposables, outer);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => Move(disposables, outer);

    public void Detach(params IDisposable[] disposables) => Move(disposables, null);

    public void Detach(IEnumerable<IDisposable> disposables) => Move(disposables, null);

    public void DisposeEverything() => DisposeEverythingBut((IEnumerable<IDisposable>)[]);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ArgumentNullException.ThrowIfNull(inKeep);
        var before = Owned;
        owned = new(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var item in before)
            if (!owned.Contains(item))
                item.Dispose();
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void MarkAsDisposed(IDisposable disposable)
    {
        Owned.Remove(disposable);
        if (disposable is IScoped item)
            item.Scope = null;
    }

    public void Dispose()
    {
        if (disposed)
            return;
        DisposeEverything();
        home.Remove(this);
        disposed = true;
    }

    private void Move(IEnumerable<IDisposable> disposables, DisposeScope? target)
    {
        ArgumentNullException.ThrowIfNull(disposables);
        foreach (var disposable in disposables)
        {
            if (!Owned.Remove(disposable))
                continue;
            target?.owned.Add(disposable);
            if (disposable is IScoped item)
                item.Scope = target;
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
