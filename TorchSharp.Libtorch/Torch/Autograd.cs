using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe class autograd
    {
        // The gradient of an input that was not used is an invalid tensor (IsInvalid), with allow_unused.
        public static IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false
        )
        {
            nint[] o = Check.Handles(outputs),
                i = Check.Handles(inputs),
                g = Check.Handles(grad_outputs ?? []);
            var results = new nint[i.Length];
            fixed (
                nint* po = o,
                    pi = i,
                    pg = g,
                    pr = results
            )
                Check.Ok(
                    Native.Grad(
                        po,
                        o.Length,
                        pi,
                        i.Length,
                        pg,
                        g.Length,
                        retain_graph ? 1 : 0,
                        create_graph ? 1 : 0,
                        allow_unused ? 1 : 0,
                        pr
                    )
                );
            KeepAlive(outputs, inputs, grad_outputs);
            return [.. results.Select(r => new Tensor(r))];
        }

        public static void backward(
            IList<Tensor> tensors,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null
        )
        {
            nint[] t = Check.Handles(tensors),
                g = Check.Handles(grad_tensors ?? []),
                i = Check.Handles(inputs ?? []);
            var retain = retain_graph ?? create_graph ? 1 : 0;
            fixed (
                nint* pt = t,
                    pg = g,
                    pi = i
            )
                Check.Ok(Native.Backward(pt, t.Length, pg, g.Length, retain, create_graph ? 1 : 0, pi, i.Length));
            KeepAlive(tensors, inputs, grad_tensors);
        }

        public static void backward(
            Tensor tensor,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null
        ) => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor,
            Tensor grad_tensor,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null
        ) => backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        private static void KeepAlive(params IEnumerable<object?> tensors)
        {
            foreach (var list in tensors)
                GC.KeepAlive(list);
        }
    }
}
