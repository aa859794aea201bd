using System.Runtime.InteropServices;
using TorchSharp.Interop;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

// A module of libtorch's own; its parameters are libtorch's tensors.
internal sealed unsafe class NativeModule : SafeHandle
{
    public NativeModule(nint module, Device? device, ScalarType? dtype)
        : base(0, ownsHandle: true)
    {
        SetHandle(Check.Handle(module));
        if (device is not null)
            InitializeDeviceType(device.type);
        var (type, index) = (device?.type ?? DeviceType.CPU, device?.index ?? -1);
        if (type != DeviceType.CPU || dtype is not null)
            Check.Ok(Native.ModuleTo(handle, (int)type, index, (int)(dtype ?? get_default_dtype())));
    }

    public override bool IsInvalid => handle == 0;

    public nint Handle => !IsClosed ? handle : throw new ObjectDisposedException(null, "The module has been disposed.");

    public IEnumerable<(string Name, Parameter Parameter)> Parameters()
    {
        for (int i = 0; At(i) is { } named; i++)
            yield return named;
    }

    public void Train(bool on)
    {
        Check.Ok(Native.ModuleTrain(Handle, on ? 1 : 0));
        GC.KeepAlive(this);
    }

    protected override bool ReleaseHandle()
    {
        Native.ModuleRelease(handle);
        return true;
    }

    private (string, Parameter)? At(int index)
    {
        byte* name;
        var parameter = Native.ModuleParameter(Handle, index, &name);
        GC.KeepAlive(this);
        return parameter == 0 ? null : (Marshal.PtrToStringUTF8((nint)name)!, new Parameter(parameter));
    }
}
