using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(
        Scalar start,
        Scalar stop,
        Scalar step,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => Create(Aten.Arange, [start, stop, step], dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start,
        Scalar stop,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar stop,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => arange(0, stop, 1, dtype, device, requires_grad);
}
