using System.Diagnostics;

namespace Rnn.Parity.Cases;

/// <summary>libtorch's global generator, from which dropout draws, and the first weights of an RNN: by one thread at a time.</summary>
internal static class GlobalGenerator
{
    private const int Attempts = 30;

    // One that draws more rarely than this falls into few of our calls, each of some milliseconds.
    private static readonly TimeSpan quiet = TimeSpan.FromMilliseconds(200);

    // So long it stands that nobody was seen.
    private static readonly TimeSpan stands = TimeSpan.FromSeconds(1);
    private static readonly Lock one = new();
    private static long? unseen;

    /// <summary>Keeps other threads of ours from drawing until it is disposed of.</summary>
    public static Lock.Scope Alone() => one.EnterScope();

    /// <summary>The same, with the generator seeded by the case; it has its own state again when this is disposed of.</summary>
    public static SeededScope Seeded(RnnCase c) => new(c);

    internal readonly ref struct SeededScope : IDisposable
    {
        private readonly Tensor before;

        public SeededScope(RnnCase c)
        {
            one.Enter();
            before = State().DetachFromDisposeScope();
            using var generator = Generator.Default;
            generator.manual_seed((long)Seed(c));
        }

        public void Dispose()
        {
            using var generator = Generator.Default;
            generator.set_state(before);
            before.Dispose();
            one.Exit();
        }
    }

    /// <summary>
    /// Something that draws from the case's seed as nn.RNN's dropout does, without numbers that a thread which is not ours draws
    /// meanwhile: it counts if the generator is left as dropout alone leaves it. What draws otherwise, as other masks, is to do
    /// so in the same way every time.
    /// </summary>
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
            // what went before is forgotten only if others were seen to draw
            if (Same(after, expected) && OthersDraw(c))
                return result;
            alike &= Same(after, state) && same(result, first);
        }
        return alike && !OthersDraw(c)
            ? first
            : throw new RunException(
                "dropout leaves out other numbers at each call: another thread draws from torch's generator meanwhile, or the RNN does now and then, or draws from a generator of its own"
            )
            {
                Evidence = Evidence.Undecided,
            };
    }

    // Whether somebody draws while we do not. libtorch tells nobody of a draw, so its state is looked at each millisecond.
    private static bool OthersDraw(RnnCase c)
    {
        using var seeded = Seeded(c);
        if (unseen is { } at && Stopwatch.GetElapsedTime(at) < stands)
            return false;
        using var generator = new Generator(Seed(c));
        using var before = generator.get_state();
        for (var start = Stopwatch.StartNew(); start.Elapsed < quiet; Thread.Sleep(1))
        {
            using var now = State();
            if (!Same(before, now))
                return true;
        }
        unseen = Stopwatch.GetTimestamp();
        return false;
    }

    /// <summary>
    /// The masks below each layer but the first, 0 or 1/(1 − p) for each number, as nn.functional.dropout draws them from the
    /// case's seed; by a generator that nobody else draws from.
    /// </summary>
    public static List<Tensor> Masks(RnnCase c)
    {
        using var generator = new Generator(Seed(c));
        return Masks(c, generator);
    }

    private static List<Tensor> Masks(RnnCase c, Generator generator)
    {
        var (p, masks) = (c.Options.Dropout, new List<Tensor>());
        // a packed sequence has one row a step and sequence
        long[] rows = c.Lengths is null ? [c.T, c.B] : [c.Lengths.Sum()];
        for (var k = 1; k < c.Options.NumLayers; k++)
        {
            var mask = zeros([.. rows, c.Options.NumDirections * c.Options.HiddenSize], c.Dtype);
            masks.Add(p < 1 ? mask.bernoulli_(1 - p, generator).Over(1 - p) : mask);
        }
        return masks;
    }

    // The state in which dropout leaves the generator.
    private static Tensor AfterDropout(RnnCase c)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed(c));
        Masks(c, generator);
        return generator.get_state().MoveToOuterDisposeScope();
    }

    // get_rng_state() lets the generator be collected while its state is read
    private static Tensor State()
    {
        using var generator = Generator.Default;
        return generator.get_state();
    }

    private static bool Same(Tensor a, Tensor b) => a.bytes.SequenceEqual(b.bytes);

    private static ulong Seed(RnnCase c) => CaseTensors.Seed(c.Id) >> 1;

    private static (T result, Tensor state) Once<T>(RnnCase c, Func<T> draw)
    {
        using var seeded = Seeded(c);
        return (draw(), State());
    }
}
