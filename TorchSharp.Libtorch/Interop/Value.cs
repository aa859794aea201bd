using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

// The order is native/shim.cpp's.
internal enum Tag
{
    None,
    Tensor,
    Int,
    Double,
    Bool,
    Ints,
    Tensors,
    Device,
    Generator,
    Text,
}

// One argument or result as native/shim.cpp sees it.
[StructLayout(LayoutKind.Explicit)]
internal struct Value
{
    [FieldOffset(0)]
    public Tag Tag;

    [FieldOffset(4)]
    public int Extra;

    [FieldOffset(8)]
    public long Int;

    [FieldOffset(8)]
    public double Double;

    [FieldOffset(8)]
    public nint Pointer;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TensorInfo
{
    public long* Sizes;
    public long* Strides;
    public void* Data;
    public long Dim;
    public long Count;
    public long Offset;
    public int Dtype;
    public int ItemSize;
    public int DeviceType;
    public int DeviceIndex;
    public int RequiresGrad;
    public int IsLeaf;
    public int IsContiguous;
}
