using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class Parameter : Tensor
        {
            // Takes over the handle of `data`, which is invalid from then on, and its place in a dispose scope.
            public Parameter(Tensor data, bool requires_grad = true)
                : base(Check.NotNull(data).with_requires_grad(requires_grad).MoveHandle(), register: false) =>
                DisposeScope.Replace(data, this);

            internal Parameter(nint handle)
                : base(handle) { }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) =>
                new(data, requires_grad);
        }
    }
}
