using TorchSharp.Interop;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace TorchSharp
{
    namespace Modules
    {
        // libtorch's torch::nn::RNN.
        public sealed unsafe class RNN : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
        {
            private readonly bool hasBias;

            internal RNN(NativeModule module, bool hasBias)
                : base(nameof(RNN), module) => this.hasBias = hasBias;

            public override (Tensor, Tensor) forward(Tensor input, Tensor? h0)
            {
                ArgumentNullException.ThrowIfNull(input);
                var results = stackalloc nint[2];
                Check.Ok(Native.RnnForward(native!.Handle, input.Handle, h0?.Handle ?? 0, results));
                KeepAlive(this, input, h0);
                return (new Tensor(results[0]), new Tensor(results[1]));
            }

            public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => forward(input, h0);

            public (PackedSequence, Tensor) call(PackedSequence input, Tensor? h0 = null)
            {
                ArgumentNullException.ThrowIfNull(input);
                var packed = stackalloc nint[4];
                input.Handles(packed);
                var results = stackalloc nint[5];
                Check.Ok(Native.RnnForwardPacked(native!.Handle, packed, h0?.Handle ?? 0, results));
                KeepAlive(this, input, h0);
                return (new PackedSequence(results), new Tensor(results[4]));
            }

            public void flatten_parameters()
            {
                Check.Ok(Native.RnnFlatten(native!.Handle));
                GC.KeepAlive(this);
            }

            public Parameter? get_weight_ih(long idx) => Flat(idx, 0);

            public Parameter? get_weight_hh(long idx) => Flat(idx, 1);

            public Parameter? get_bias_ih(long idx) => Flat(idx, 2);

            public Parameter? get_bias_hh(long idx) => Flat(idx, 3);

            // idx counts layer * directions + direction: each has four parameters in libtorch's list.
            private Parameter Flat(long idx, int offset)
            {
                if (!hasBias)
                    throw new InvalidOperationException(
                        "An RNN without bias has two parameters a layer and direction, where get_weight_ih and its kin"
                            + " count four: they would read the wrong one. Use named_parameters() or state_dict()."
                    );
                var flat = native!.Parameters().ToList();
                if (idx < 0 || idx * 4 >= flat.Count)
                    throw new ArgumentOutOfRangeException(
                        nameof(idx),
                        idx,
                        $"The RNN has {flat.Count / 4} layers and directions."
                    );
                var chosen = flat[(int)idx * 4 + offset].Parameter;
                foreach (var (_, parameter) in flat)
                    if (parameter != (object)chosen)
                        parameter.Dispose();
                return chosen;
            }

            private static void KeepAlive(RNN rnn, object input, Tensor? h0)
            {
                GC.KeepAlive(rnn);
                GC.KeepAlive(input);
                GC.KeepAlive(h0);
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.RNN RNN(
                long inputSize,
                long hiddenSize,
                long numLayers = 1,
                NonLinearities nonLinearity = NonLinearities.Tanh,
                bool bias = true,
                bool batchFirst = false,
                double dropout = 0,
                bool bidirectional = false,
                Device? device = null,
                ScalarType? dtype = null
            )
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(numLayers, 1);
                var module = Native.Rnn(
                    inputSize,
                    hiddenSize,
                    numLayers,
                    nonLinearity == NonLinearities.ReLU ? 1 : 0,
                    bias ? 1 : 0,
                    batchFirst ? 1 : 0,
                    dropout,
                    bidirectional ? 1 : 0
                );
                return new Modules.RNN(new NativeModule(module, device, dtype), bias);
            }
        }
    }
}
