using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>
/// So many threads in libtorch and in its BLAS, until disposed. libtorch's number reaches OpenMP and MKL; an OpenBLAS with
/// threads of its own has its own number.
/// </summary>
internal sealed class Threads : IDisposable
{
    private readonly int before = get_num_threads();
    private readonly int? blasBefore = OfOpenBlas;

    /// <summary>Sets both.</summary>
    public Threads(int count) => Set(count, count);

    /// <summary>How many OpenBLAS uses; null where none is loaded.</summary>
    public static int? OfOpenBlas => Find<Get>("openblas_get_num_threads")?.Invoke();

    /// <inheritdoc/>
    public void Dispose() => Set(before, blasBefore);

    private static void Set(int count, int? blas)
    {
        set_num_threads(count);
        if (blas is { } number)
            Find<Put>("openblas_set_num_threads")?.Invoke(number);
    }

    private static T? Find<T>(string function)
        where T : Delegate
    {
        using var process = Process.GetCurrentProcess();
        foreach (var module in process.Modules.Cast<ProcessModule>())
            if (
                module.ModuleName.Contains("openblas", StringComparison.Ordinal)
                && NativeLibrary.TryGetExport(NativeLibrary.Load(module.FileName), function, out var address)
            )
                return Marshal.GetDelegateForFunctionPointer<T>(address);
        return null;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Get();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Put(int count);
}
