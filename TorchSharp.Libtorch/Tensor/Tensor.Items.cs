using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => At(i1);
            set => Write(value, i1);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At(i1, i2);
            set => Write(value, i1, i2);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At(i1, i2, i3);
            set => Write(value, i1, i2, i3);
        }

        private Tensor At(params ReadOnlySpan<long> indices)
        {
            var part = select(0, indices[0]);
            foreach (var index in indices[1..])
                using (var whole = part)
                    part = whole.select(0, index);
            return part;
        }

        private void Write(Tensor value, params ReadOnlySpan<long> indices)
        {
            using var part = At(indices);
            part.copy_(value);
        }
    }
}
