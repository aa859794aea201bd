namespace Rnn.Parity.Cases;

/// <summary>libtorch's global generator, from which dropout draws, and the first weights of an RNN: by one thread at a time.</summary>
internal static class GlobalGenerator
{
    private const int Attempts = 20;

    private static readonly Lock one = new();

    /// <summary>Keeps other threads from drawing until it is disposed of.</summary>
    public static Lock.Scope Alone() => one.EnterScope();

    /// <summary>The same, and seeds the generator by the case.</summary>
    public static Lock.Scope Seeded(RnnCase c)
    {
        var scope = one.EnterScope();
        manual_seed((long)(CaseTensors.Seed(c.Id) >> 1));
        return scope;
    }

    /// <summary>
    /// Something that draws from the case's seed, once it is the same twice in a row: a thread that is not ours may draw
    /// meanwhile. Where the case drops nothing, once is enough.
    /// </summary>
    /// <param name="c">The case.</param>
    /// <param name="draw">Draws.</param>
    /// <param name="same">Whether the same was drawn.</param>
    /// <exception cref="RunException">It never is the same; this is undecided.</exception>
    public static T Drawn<T>(RnnCase c, Func<T> draw, Func<T, T, bool> same)
    {
        if (c.Options.Dropout == 0)
            return draw();
        if (!c.Drops)
            return Once(c, draw);
        var last = Once(c, draw);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var next = Once(c, draw);
            if (same(last, next))
                return next;
            last = next;
        }
        throw new RunException(
            "from one seed it drops other numbers at each call: another thread draws from torch's generator meanwhile, it has a generator of its own, or it keeps a state from call to call"
        )
        {
            Evidence = Evidence.Undecided,
        };
    }

    /// <summary>What is drawn until this is disposed of leaves the generator as it is now.</summary>
    public static IDisposable Kept() => new Earlier();

    private sealed class Earlier : IDisposable
    {
        private readonly Tensor state = get_rng_state().DetachFromDisposeScope();

        public void Dispose()
        {
            set_rng_state(state);
            state.Dispose();
        }
    }

    private static T Once<T>(RnnCase c, Func<T> draw)
    {
        using var seeded = Seeded(c);
        return draw();
    }
}
