using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Rnn.Parity.Reporting;

/// <summary>What a run ran on: the versions that decide how a sum is rounded.</summary>
public sealed record Surroundings(
    string TorchSharp,
    string Libtorch,
    string Blas,
    string Cpu,
    string Os,
    string Runtime
)
{
    private static readonly string[] blasNames = ["openblas", "mkl_", "blis", "libblas", "accelerate"];

    /// <summary>Looks at the process: its modules tell which libtorch and which BLAS were loaded.</summary>
    public static Surroundings Current()
    {
        var modules = LoadedFiles();
        var binding = typeof(TorchSharp.torch).Assembly;
        return new Surroundings(
            $"{binding.GetCustomAttribute<AssemblyTitleAttribute>()?.Title} {binding.GetName().Version}",
            __version__,
            modules.FirstOrDefault(m => blasNames.Any(m.Contains)) ?? "inside libtorch",
            CpuName(),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription
        );
    }

    /// <summary>The devices that torch can use here: cpu, and cuda if there is one.</summary>
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
