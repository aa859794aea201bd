using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class functional
        {
            // libtorch's C++ function, which TorchSharp calls, is not aten::linear, which PyTorch calls from Python: with
            // three dimensions it adds the bias after the product, and that rounds otherwise.
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(weights);
                using var transposed = weights.t();
                if (bias is null)
                    return input.matmul(transposed);
                if (input.dim() == 2)
                    return bias.addmm(input, transposed);
                return input.matmul(transposed).add_(bias);
            }

            public static Tensor relu(Tensor x, bool inplace = false) => (inplace ? Aten.Relu_ : Aten.Relu).Call(x);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                (inplace ? Aten.Dropout_ : Aten.Dropout).Call(input, p, training);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) =>
                Aten.Softmax.Call(input, dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => Aten.LogSoftmax.Call(x, dim, Arg.None);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.MseLoss.Call(input, target, (long)reduction);

            public static Tensor cross_entropy(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                long ignore_index = -100,
                Reduction reduction = Reduction.Mean,
                double label_smoothing = 0
            ) =>
                Aten.CrossEntropy.Call(
                    input,
                    target,
                    Arg.Optional(weight),
                    (long)reduction,
                    ignore_index,
                    label_smoothing
                );
        }
    }
}
