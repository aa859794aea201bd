using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Interop;

// What native/shim.cpp and native/modules.cpp export; every type is blittable, a tensor is its TensorImpl*.
internal static unsafe partial class Native
{
    private const string Library = NativeLoader.Name;

    [LibraryImport(Library, EntryPoint = "torchsharp_error")]
    public static partial byte* Error();

    [LibraryImport(Library, EntryPoint = "torchsharp_version")]
    public static partial byte* Version();

    [LibraryImport(Library, EntryPoint = "torchsharp_find", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Find(string name, string overload);

    [LibraryImport(Library, EntryPoint = "torchsharp_call1")]
    public static partial nint Call1(nint op, Value* args, int count, int* failed);

    [LibraryImport(Library, EntryPoint = "torchsharp_call")]
    public static partial long Call(nint op, Value* args, int count, Value** results);

    [LibraryImport(Library, EntryPoint = "torchsharp_release")]
    public static partial void Release(nint tensor);

    [LibraryImport(Library, EntryPoint = "torchsharp_retain")]
    public static partial nint Retain(nint tensor);

    [LibraryImport(Library, EntryPoint = "torchsharp_info")]
    public static partial int Info(nint tensor, TensorInfo* info);

    [LibraryImport(Library, EntryPoint = "torchsharp_set_requires_grad")]
    public static partial int SetRequiresGrad(nint tensor, int value);

    [LibraryImport(Library, EntryPoint = "torchsharp_retain_grad")]
    public static partial int RetainGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "torchsharp_grad_enabled")]
    public static partial int GradEnabled();

    [LibraryImport(Library, EntryPoint = "torchsharp_set_grad_enabled")]
    public static partial void SetGradEnabled(int value);

    [LibraryImport(Library, EntryPoint = "torchsharp_grad")]
    public static partial int Grad(
        nint* outputs,
        long outputCount,
        nint* inputs,
        long inputCount,
        nint* grads,
        long gradCount,
        int retainGraph,
        int createGraph,
        int allowUnused,
        nint* results
    );

    [LibraryImport(Library, EntryPoint = "torchsharp_backward")]
    public static partial int Backward(
        nint* outputs,
        long outputCount,
        nint* grads,
        long gradCount,
        int retainGraph,
        int createGraph,
        nint* inputs,
        long inputCount
    );

    [LibraryImport(Library, EntryPoint = "torchsharp_generator")]
    public static partial nint Generator(int deviceType, int deviceIndex, int isDefault);

    [LibraryImport(Library, EntryPoint = "torchsharp_generator_release")]
    public static partial void GeneratorRelease(nint generator);

    [LibraryImport(Library, EntryPoint = "torchsharp_generator_set_seed")]
    public static partial int GeneratorSetSeed(nint generator, long seed);

    [LibraryImport(Library, EntryPoint = "torchsharp_generator_seed")]
    public static partial long GeneratorSeed(nint generator);

    [LibraryImport(Library, EntryPoint = "torchsharp_manual_seed")]
    public static partial int ManualSeed(long seed);

    [LibraryImport(Library, EntryPoint = "torchsharp_cuda_devices")]
    public static partial int CudaDevices();

    [LibraryImport(Library, EntryPoint = "torchsharp_has_cudnn")]
    public static partial int HasCudnn();

    [LibraryImport(Library, EntryPoint = "torchsharp_threads")]
    public static partial int Threads();

    [LibraryImport(Library, EntryPoint = "torchsharp_set_threads")]
    public static partial int SetThreads(int count);

    [LibraryImport(Library, EntryPoint = "torchsharp_tf32")]
    public static partial int Tf32(int cudnn);

    [LibraryImport(Library, EntryPoint = "torchsharp_set_tf32")]
    public static partial int SetTf32(int cudnn, int value);
}
