namespace Rnn.Parity.Cases;

/// <summary>
/// Random numbers that are the same on every machine and in every version of .NET: splitmix64, by Steele, Lea and Flood
/// (2014).
/// </summary>
internal sealed class Draws(int seed, int number, int attempt)
{
    private ulong state = Mix(Mix(Mix((ulong)seed) + (ulong)number) + (ulong)attempt);

    /// <summary>An integer from 0 to n − 1; all are equally likely if n is a power of two.</summary>
    public int Below(int n)
    {
        state = unchecked(state + 0x9E3779B97F4A7C15);
        return (int)(Mix(state) % (ulong)n);
    }

    private static ulong Mix(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    public int Sign() => 1 - 2 * Below(2);

    public T OneOf<T>(IReadOnlyList<T> values) => values[Below(values.Count)];
}
