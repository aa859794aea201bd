using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

internal static unsafe class Check
{
    // libtorch's last error on this thread, as TorchSharp throws it.
    [DoesNotReturn]
    public static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8((nint)Native.Error()));

    public static void Ok(int status)
    {
        if (status < 0)
            Throw();
    }

    public static nint Handle(nint handle)
    {
        if (handle == 0)
            Throw();
        return handle;
    }

    public static T NotNull<T>(T? value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value;
    }

    // The handles of tensors of which none may be null; the caller keeps the tensors alive.
    public static nint[] Handles(
        IEnumerable<Tensor> tensors,
        [CallerArgumentExpression(nameof(tensors))] string? name = null
    )
    {
        ArgumentNullException.ThrowIfNull(tensors, name);
        return [.. tensors.Select(t => NotNull(t, name).Handle)];
    }
}
