namespace Rnn.Parity.Cases;

/// <summary>
/// libtorch's global generator, from which dropout draws, and the first weights of an RNN: by one thread at a time, after
/// which it is as it was.
/// </summary>
internal static class GlobalGenerator
{
    private const int Attempts = 30;

    private static readonly Lock one = new();
    private static int depth;

    /// <summary>Keeps other threads of ours from drawing until it is disposed of.</summary>
    public static IDisposable Alone() => new Held();

    /// <summary>The same, and seeds the generator by the case.</summary>
    public static IDisposable Seeded(RnnCase c)
    {
        var held = new Held();
        manual_seed((long)Seed(c));
        return held;
    }

    private sealed class Held : IDisposable
    {
        private readonly Tensor? before;

        public Held()
        {
            one.Enter();
            if (depth++ == 0)
                before = get_rng_state().DetachFromDisposeScope();
        }

        public void Dispose()
        {
            if (before is not null)
                set_rng_state(before);
            before?.Dispose();
            depth--;
            one.Exit();
        }
    }

    /// <summary>
    /// Something that draws from the case's seed as nn.RNN's dropout does, without numbers that a thread which is not ours draws
    /// meanwhile: the first time that the generator is left as dropout alone leaves it. What draws otherwise, as other masks,
    /// is to do so in the same way every time.
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
        var (first, state) = Once(c, draw);
        if (Same(state, expected))
            return first;
        var alike = true;
        for (var attempt = 1; attempt < Attempts; attempt++)
        {
            var (result, after) = Once(c, draw);
            if (Same(after, expected))
                return result;
            alike &= Same(after, state) && same(result, first);
        }
        return alike
            ? first
            : throw new RunException(
                "it drops other numbers than nn.RNN, and others at each call: another thread draws from torch's generator meanwhile, or it keeps something from call to call"
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

    private static (T result, Tensor state) Once<T>(RnnCase c, Func<T> draw)
    {
        using var seeded = Seeded(c);
        return (draw(), get_rng_state());
    }
}
