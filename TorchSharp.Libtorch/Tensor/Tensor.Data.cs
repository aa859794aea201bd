using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public Span<byte> bytes
        {
            get
            {
                var info = Bytes(out var length);
                if (info.DeviceType != (int)DeviceType.CPU)
                    throw new InvalidOperationException(
                        "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading."
                    );
                return new Span<byte>(info.Data, length);
            }
            set
            {
                var target = bytes;
                if (target.Length != value.Length)
                    throw new ArgumentException(
                        $"The tensor has {target.Length} bytes, and {value.Length} were given.",
                        nameof(value)
                    );
                value.CopyTo(target);
            }
        }

        public T item<T>()
            where T : unmanaged
        {
            if (numel() != 1)
                throw new ArgumentException("Number of elements in the tensor must be 1");
            if (!Matches(typeof(T)))
                throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
            if (is_cpu())
                return ReadFirst<T>();
            using var here = cpu();
            return here.ReadFirst<T>();
        }

        private T ReadFirst<T>()
            where T : unmanaged
        {
            var value = Unsafe.Read<T>(Info().Data);
            GC.KeepAlive(this);
            return value;
        }

        private bool Matches(Type type) =>
            dtype switch
            {
                ScalarType.Byte => type == typeof(byte),
                ScalarType.Int8 => type == typeof(sbyte),
                ScalarType.Int16 => type == typeof(short),
                ScalarType.Int32 => type == typeof(int),
                ScalarType.Int64 => type == typeof(long),
                ScalarType.Float16 => type == typeof(Half),
                ScalarType.Float32 => type == typeof(float),
                ScalarType.Float64 => type == typeof(double),
                ScalarType.Bool => type == typeof(bool),
                _ => false,
            };

        private TensorInfo Bytes(out int length)
        {
            var info = Info();
            if (info.IsContiguous == 0)
                throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if (info.Count * info.ItemSize > int.MaxValue)
                throw new ArgumentException("Span only supports up to int.MaxValue elements.");
            length = (int)(info.Count * info.ItemSize);
            return info;
        }
    }
}
