namespace Rnn.Parity.Cases;

/// <summary>libtorch's global generator, from which dropout draws, and the first weights of an RNN: by one thread at a time.</summary>
internal static class GlobalGenerator
{
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
}
