using TorchSharp.Interop;

namespace TorchSharp;

// Copies, and what is written into a tensor in place.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor clone() => Aten.Clone.Call(this, Arg.None);

        public Tensor contiguous() => Aten.Contiguous.Call(this, MemoryFormatContiguous);

        public Tensor copy_(Tensor source, bool nonBlocking = false) =>
            Aten.Copy_.CallInPlace(this, source, nonBlocking);

        public Tensor set_(Tensor source) => Aten.Set_.CallInPlace(this, source);

        public Tensor zero_() => Aten.Zero_.CallInPlace(this);

        public Tensor fill_(Scalar value) => Aten.Fill_.CallInPlace(this, value);

        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Aten.Uniform_.CallInPlace(this, from, to, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Aten.Normal_.CallInPlace(this, mean, std, generator);

        public Tensor random_(double from, double to, Generator? generator = null) =>
            Aten.Random_.CallInPlace(this, (long)from, (long)to, generator);

        // c10::MemoryFormat::Contiguous
        private static Arg MemoryFormatContiguous => 0;
    }
}
