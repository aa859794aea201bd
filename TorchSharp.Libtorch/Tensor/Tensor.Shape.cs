using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public long dim() => Info().Dim;

        public long ndim => Info().Dim;

        public long Dimensions => Info().Dim;

        public long numel() => Info().Count;

        public long NumberOfElements => Info().Count;

        public long element_size() => Info().ItemSize;

        public long ElementSize => Info().ItemSize;

        public long[] shape => Copy(Info().Sizes);

        public long[] size() => shape;

        public long size(int dim) => shape[Wrap(dim)];

        public long[] stride() => Copy(Info().Strides);

        public long stride(int dim) => stride()[Wrap(dim)];

        public long storage_offset() => Info().Offset;

        public bool is_contiguous() => Info().IsContiguous != 0;

        public ScalarType dtype => (ScalarType)Info().Dtype;

        public bool is_floating_point() =>
            dtype is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

        public Device device => new(device_type, device_index);

        public DeviceType device_type => (DeviceType)Info().DeviceType;

        public int device_index => Info().DeviceIndex;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_cpu() => device_type == DeviceType.CPU;

        internal TensorInfo Info()
        {
            Unsafe.SkipInit(out TensorInfo info);
            Check.Ok(Native.Info(Handle, &info));
            GC.KeepAlive(this);
            return info;
        }

        private long[] Copy(long* values)
        {
            if (values == null)
                throw new InvalidOperationException("A sparse tensor has no strides.");
            var copy = new Span<long>(values, (int)ndim).ToArray();
            GC.KeepAlive(this);
            return copy;
        }

        private int Wrap(int dim)
        {
            var rank = (int)ndim;
            if (dim < -rank || dim >= rank)
                throw new ArgumentOutOfRangeException(nameof(dim), dim, $"The tensor has {rank} dimensions.");
            return dim < 0 ? dim + rank : dim;
        }
    }
}
