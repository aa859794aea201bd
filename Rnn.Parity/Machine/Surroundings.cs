using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Rnn.Parity.Machine;

/// <summary>What a run ran on: the versions that decide how a sum is rounded.</summary>
internal sealed record Surroundings(
    string TorchSharp,
    string Libtorch,
    string Blas,
    string Cpu,
    string Os,
    string Runtime,
    int Threads
)
{
    // Every BLAS that is loaded: a LAPACK can bring one of its own, and a front library lies before OpenBLAS.
    private static readonly string[] blasNames = ["openblas", "mkl_", "blis", "libblas", "accelerate"];

    /// <summary>Looks at the process: its modules tell which libtorch and which BLAS were loaded.</summary>
    public static Surroundings Current()
    {
        var modules = LoadedFiles();
        var binding = typeof(TorchSharp.torch).Assembly;
        return new Surroundings(
            $"{binding.GetCustomAttribute<AssemblyTitleAttribute>()?.Title} {binding.GetName().Version}",
            __version__,
            string.Join(
                " + ",
                modules.Where(m => blasNames.Any(m.Contains)).Distinct().DefaultIfEmpty("inside libtorch")
            ),
            CpuName(),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            get_num_threads()
        );
    }

    public override string ToString() =>
        $"libtorch {Libtorch} ({TorchSharp}), BLAS {Blas}, {Threads} {(Threads == 1 ? "thread" : "threads")}, {Cpu}, {Os}";

    public static IReadOnlyList<string> Devices => cuda.is_available() ? ["cpu", "cuda"] : ["cpu"];

    private static List<string> LoadedFiles()
    {
        zeros(1).Dispose();
        return Process
            .GetCurrentProcess()
            .Modules.Cast<ProcessModule>()
            .Select(m => Path.GetFileName(m.FileName))
            .ToList();
    }

    private static string CpuName() =>
        File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
