using System.Diagnostics.CodeAnalysis;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        // libtorch's torch::nn::RNNCell.
        public sealed class RNNCell : nn.Module<Tensor, Tensor, Tensor>
        {
            internal RNNCell(NativeModule module)
                : base(nameof(RNNCell), module) { }

            [DisallowNull]
            public Parameter? weight_ih
            {
                get => Alias(nameof(weight_ih));
                set => Set(0, nameof(weight_ih), value);
            }

            [DisallowNull]
            public Parameter? weight_hh
            {
                get => Alias(nameof(weight_hh));
                set => Set(1, nameof(weight_hh), value);
            }

            [DisallowNull]
            public Parameter? bias_ih
            {
                get => Alias(nameof(bias_ih));
                set => Set(2, nameof(bias_ih), value);
            }

            [DisallowNull]
            public Parameter? bias_hh
            {
                get => Alias(nameof(bias_hh));
                set => Set(3, nameof(bias_hh), value);
            }

            public override Tensor forward(Tensor input, Tensor? h0 = null)
            {
                ArgumentNullException.ThrowIfNull(input);
                var result = Native.RnnCellForward(native!.Handle, input.Handle, h0?.Handle ?? 0);
                GC.KeepAlive(this);
                GC.KeepAlive(input);
                GC.KeepAlive(h0);
                return new Tensor(Check.Handle(result));
            }

            private void Set(int which, string key, Parameter value)
            {
                Native.RnnCellSet(native!.Handle, which, Check.NotNull(value).Handle);
                ConditionallyRegisterParameter(key, value);
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.RNNCell RNNCell(
                long inputSize,
                long hiddenSize,
                NonLinearities nonLinearity = NonLinearities.Tanh,
                bool bias = true,
                Device? device = null,
                ScalarType? dtype = null
            )
            {
                var relu = nonLinearity == NonLinearities.ReLU ? 1 : 0;
                var module = Native.RnnCell(inputSize, hiddenSize, relu, bias ? 1 : 0);
                return new Modules.RNNCell(new NativeModule(module, device, dtype));
            }
        }
    }
}
