using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        // y = x W^T + b
        public sealed class Linear : nn.Module<Tensor, Tensor>
        {
            internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype)
                : base(nameof(Linear))
            {
                // kaiming_uniform_ with a = sqrt(5), as libtorch has it, is the uniform distribution up to 1/sqrt(fan in).
                var bound = Math.Sqrt(3) * (Math.Sqrt(2 / (1 + Math.Sqrt(5) * Math.Sqrt(5))) / Math.Sqrt(inputSize));
                weight = Drawn(bound, [outputSize, inputSize]);
                if (hasBias)
                    bias = Drawn(inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0, [outputSize]);

                Parameter Drawn(double bound, long[] shape) =>
                    new(nn.init.uniform_(empty(shape, dtype, device), -bound, bound));
            }

            public Parameter weight
            {
                get => get_parameter(nameof(weight))!;
                set => Replace(nameof(weight), Check.NotNull(value));
            }

            public Parameter? bias
            {
                get => get_parameter(nameof(bias));
                set => Replace(nameof(bias), value);
            }

            public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);

            private void Replace(string key, Parameter? value)
            {
                var before = get_parameter(key);
                if (before is not null && before == (object?)value)
                    return;
                before?.Dispose();
                value?.DetachFromDisposeScope();
                ConditionallyRegisterParameter(key, value!);
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(
                long inputSize,
                long outputSize,
                bool hasBias = true,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(inputSize, outputSize, hasBias, device, dtype);
        }
    }
}
