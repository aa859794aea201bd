using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class init
        {
            public static Tensor uniform_(
                Tensor tensor,
                double low = 0,
                double high = 1,
                Generator? generator = null
            ) => Change(tensor, t => t.uniform_(low, high, generator));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
                Change(tensor, t => t.normal_(mean, std, generator));

            public static Tensor constant_(Tensor tensor, Scalar val) => Change(tensor, t => t.fill_(val));

            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = Check.NotNull(tensor).shape;
                if (shape.Length < 2)
                    throw new ArgumentException(
                        "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions",
                        nameof(tensor)
                    );
                var field = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
                return (shape[1] * field, shape[0] * field);
            }

            private static Tensor Change(Tensor tensor, Action<Tensor> change)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                using (no_grad())
                    change(tensor);
                return tensor;
            }
        }
    }
}
