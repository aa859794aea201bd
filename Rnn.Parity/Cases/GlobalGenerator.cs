namespace Rnn.Parity.Cases;

/// <summary>libtorch's global generator, from which dropout draws, and the first weights of an RNN: by one thread at a time.</summary>
internal static class GlobalGenerator
{
    private const int Attempts = 100;
    private const int Alike = 4;

    private static readonly Lock one = new();

    /// <summary>Keeps other threads from drawing until it is disposed of.</summary>
    public static Lock.Scope Alone() => one.EnterScope();

    /// <summary>The same, and seeds the generator by the case.</summary>
    public static Lock.Scope Seeded(RnnCase c)
    {
        var scope = one.EnterScope();
        manual_seed((long)Seed(c));
        return scope;
    }

    /// <summary>
    /// Something that draws from the case's seed as nn.RNN's dropout does, without numbers that a thread which is not ours draws
    /// meanwhile: the generator is left as dropout alone leaves it, or always in the same way, as where other masks are drawn.
    /// </summary>
    /// <param name="c">The case.</param>
    /// <param name="draw">Draws.</param>
    /// <param name="same">Whether the same was drawn.</param>
    /// <exception cref="RunException">Neither is so; this is undecided.</exception>
    public static T Drawn<T>(RnnCase c, Func<T> draw, Func<T, T, bool> same)
    {
        if (c.Options.Dropout == 0)
            return draw();
        if (!c.Drops)
            return Once(c, draw).result;
        using var expected = AfterDropout(c);
        var (alike, last) = (0, default((T result, Tensor state)?));
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (result, state) = Once(c, draw);
            if (Same(state, expected))
                return result;
            alike = last is { } l && Same(l.state, state) && same(l.result, result) ? alike + 1 : 0;
            if (alike == Alike)
                return result;
            last = (result, state);
        }
        throw new RunException(
            "what is dropped cannot be compared: another thread draws from torch's generator all the time"
        )
        {
            Evidence = Evidence.Undecided,
        };
    }

    // The state of a generator of its own, from which the masks between the layers are drawn.
    private static Tensor AfterDropout(RnnCase c)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed(c));
        long[] shape = [.. c.RunOutputShape[..^1], c.Options.NumDirections * c.Options.HiddenSize];
        for (var k = 1; k < c.Options.NumLayers && c.Options.Dropout < 1; k++)
            empty(shape, c.Options.Dtype).bernoulli_(1 - c.Options.Dropout, generator);
        return generator.get_state().MoveToOuterDisposeScope();
    }

    private static bool Same(Tensor a, Tensor b) => a.bytes.SequenceEqual(b.bytes);

    private static ulong Seed(RnnCase c) => CaseTensors.Seed(c.Id) >> 1;

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

    private static (T result, Tensor state) Once<T>(RnnCase c, Func<T> draw)
    {
        using var seeded = Seeded(c);
        return (draw(), get_rng_state());
    }
}
