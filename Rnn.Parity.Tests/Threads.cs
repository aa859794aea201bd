using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>So many threads in libtorch, and with it in OpenMP and MKL, until disposed.</summary>
internal sealed class Threads : IDisposable
{
    private readonly int before = get_num_threads();

    /// <summary>Sets the number.</summary>
    public Threads(int count) => set_num_threads(count);

    /// <inheritdoc/>
    public void Dispose() => set_num_threads(before);
}
