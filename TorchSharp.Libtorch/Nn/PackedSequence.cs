using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            public static unsafe partial class rnn
            {
                // Padded sequences without their padding, as libtorch's torch::nn::utils::rnn packs them.
                public sealed class PackedSequence : IScoped
                {
                    public readonly Tensor data;
                    public readonly Tensor batch_sizes;
                    public readonly Tensor sorted_indices;
                    public readonly Tensor unsorted_indices;

                    // Owns its tensors: no scope does.
                    internal PackedSequence(nint* handles)
                    {
                        data = new Tensor(handles[0], register: false);
                        batch_sizes = new Tensor(handles[1], register: false);
                        sorted_indices = new Tensor(handles[2], register: false);
                        unsorted_indices = new Tensor(handles[3], register: false);
                        DisposeScope.Adopt(this);
                    }

                    DisposeScope? IScoped.Scope { get; set; }

                    int IScoped.Slot { get; set; }

                    public void Dispose()
                    {
                        ((IScoped)this).Scope?.MarkAsDisposed(this);
                        data.Dispose();
                        batch_sizes.Dispose();
                        sorted_indices.Dispose();
                        unsorted_indices.Dispose();
                    }

                    // The indices are undefined tensors where no sorting was asked for.
                    internal void Handles(nint* target)
                    {
                        target[0] = data.Handle;
                        target[1] = batch_sizes.Handle;
                        target[2] = sorted_indices.handle;
                        target[3] = unsorted_indices.handle;
                    }
                }

                public static PackedSequence pack_padded_sequence(
                    Tensor input,
                    Tensor lengths,
                    bool batch_first = false,
                    bool enforce_sorted = true
                )
                {
                    var (i, l) = (Check.NotNull(input).Handle, Check.NotNull(lengths).Handle);
                    var results = stackalloc nint[4];
                    Check.Ok(Native.PackPadded(i, l, batch_first ? 1 : 0, enforce_sorted ? 1 : 0, results));
                    GC.KeepAlive(input);
                    GC.KeepAlive(lengths);
                    return new PackedSequence(results);
                }

                public static PackedSequence pack_sequence(IEnumerable<Tensor> sequences, bool enforce_sorted = true)
                {
                    var tensors = Check.NotNull(sequences).ToArray();
                    var handles = Check.Handles(tensors);
                    var results = stackalloc nint[4];
                    fixed (nint* start = handles)
                        Check.Ok(Native.Pack(start, handles.Length, enforce_sorted ? 1 : 0, results));
                    GC.KeepAlive(tensors);
                    return new PackedSequence(results);
                }

                public static (Tensor, Tensor) pad_packed_sequence(
                    PackedSequence sequence,
                    bool batch_first = false,
                    double padding_value = 0,
                    long? total_length = null
                )
                {
                    var packed = stackalloc nint[4];
                    Check.NotNull(sequence).Handles(packed);
                    var results = stackalloc nint[2];
                    var first = batch_first ? 1 : 0;
                    Check.Ok(Native.PadPacked(packed, first, padding_value, total_length ?? -1, results));
                    GC.KeepAlive(sequence);
                    return (new Tensor(results[0]), new Tensor(results[1]));
                }

                public static Tensor pad_sequence(
                    IEnumerable<Tensor> sequences,
                    bool batch_first = false,
                    double padding_value = 0
                )
                {
                    var tensors = Check.NotNull(sequences).ToArray();
                    var handles = Check.Handles(tensors);
                    nint result;
                    fixed (nint* start = handles)
                        result = Native.Pad(start, handles.Length, batch_first ? 1 : 0, padding_value);
                    GC.KeepAlive(tensors);
                    return new Tensor(Check.Handle(result));
                }
            }
        }
    }
}
