namespace Rnn.Parity.Machine;

/// <summary>So many threads in libtorch, and with it in OpenMP and MKL, until disposed.</summary>
internal sealed class Threads : IDisposable
{
    private readonly int before = get_num_threads();

    public Threads(int count) => set_num_threads(count);

    /// <summary>One, where as much runs side by side as there are processors; what OMP_NUM_THREADS says, if it is set.</summary>
    public static Threads Each() =>
        new(Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null ? 1 : get_num_threads());

    public void Dispose() => set_num_threads(before);
}
