using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static class NativeLoader
{
    public const string Name = "torchsharp_shim";

    [ModuleInitializer]
    internal static void Install() => NativeLibrary.SetDllImportResolver(typeof(NativeLoader).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Name)
            return 0;
        var path = Path.Combine(AppContext.BaseDirectory, $"lib{Name}.so");
        var beside = Path.Combine(Path.GetDirectoryName(assembly.Location) ?? "", $"lib{Name}.so");
        if (File.Exists(beside))
            path = beside;
        if (!File.Exists(path))
            throw new DllNotFoundException(
                $"{path} is missing: build TorchSharp.Libtorch, or run its native/build.sh and put the library there."
            );
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                $"{path} could not load the libtorch it was built against; install that again, or remove the folder"
                    + $" TorchSharp.Libtorch/obj/native and build anew. {e.Message}",
                e
            );
        }
    }
}
