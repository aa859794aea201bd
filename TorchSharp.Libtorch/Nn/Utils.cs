using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static unsafe partial class utils
        {
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                var parameters = Check.NotNull(tensors).ToArray();
                var handles = Check.Handles(parameters);
                int failed;
                double norm;
                fixed (nint* start = handles)
                    norm = Native.ClipGradNorm(start, handles.Length, max_norm, norm_type, &failed);
                GC.KeepAlive(parameters);
                if (failed != 0)
                    Check.Throw();
                return norm;
            }
        }
    }
}
