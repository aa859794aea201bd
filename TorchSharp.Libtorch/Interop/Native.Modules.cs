using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

// native/modules.cpp
internal static unsafe partial class Native
{
    [LibraryImport(Library, EntryPoint = "torchsharp_rnn")]
    public static partial nint Rnn(
        long inputSize,
        long hiddenSize,
        long layers,
        int relu,
        int bias,
        int batchFirst,
        double dropout,
        int bidirectional
    );

    [LibraryImport(Library, EntryPoint = "torchsharp_rnn_cell")]
    public static partial nint RnnCell(long inputSize, long hiddenSize, int relu, int bias);

    [LibraryImport(Library, EntryPoint = "torchsharp_module_release")]
    public static partial void ModuleRelease(nint module);

    [LibraryImport(Library, EntryPoint = "torchsharp_module_train")]
    public static partial int ModuleTrain(nint module, int on);

    [LibraryImport(Library, EntryPoint = "torchsharp_module_to")]
    public static partial int ModuleTo(nint module, int deviceType, int deviceIndex, int dtype);

    [LibraryImport(Library, EntryPoint = "torchsharp_module_parameter")]
    public static partial nint ModuleParameter(nint module, int index, byte** name);

    [LibraryImport(Library, EntryPoint = "torchsharp_rnn_flatten")]
    public static partial int RnnFlatten(nint module);

    [LibraryImport(Library, EntryPoint = "torchsharp_rnn_forward")]
    public static partial int RnnForward(nint module, nint input, nint h0, nint* results);

    [LibraryImport(Library, EntryPoint = "torchsharp_rnn_forward_packed")]
    public static partial int RnnForwardPacked(nint module, nint* packed, nint h0, nint* results);

    [LibraryImport(Library, EntryPoint = "torchsharp_rnn_cell_forward")]
    public static partial nint RnnCellForward(nint module, nint input, nint h0);

    [LibraryImport(Library, EntryPoint = "torchsharp_rnn_cell_set")]
    public static partial void RnnCellSet(nint module, int which, nint tensor);

    [LibraryImport(Library, EntryPoint = "torchsharp_pack_padded")]
    public static partial int PackPadded(nint input, nint lengths, int batchFirst, int sorted, nint* results);

    [LibraryImport(Library, EntryPoint = "torchsharp_pack")]
    public static partial int Pack(nint* sequences, long count, int sorted, nint* results);

    [LibraryImport(Library, EntryPoint = "torchsharp_pad_packed")]
    public static partial int PadPacked(nint* packed, int batchFirst, double padding, long totalLength, nint* results);

    [LibraryImport(Library, EntryPoint = "torchsharp_pad")]
    public static partial nint Pad(nint* sequences, long count, int batchFirst, double padding);

    [LibraryImport(Library, EntryPoint = "torchsharp_clip_grad_norm")]
    public static partial double ClipGradNorm(nint* tensors, long count, double maxNorm, double normType, int* failed);
}
