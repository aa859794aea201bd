using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

// What concerns the whole process: versions, threads, backends, and each thread's dispose scopes.
public static unsafe partial class torch
{
    public static string __version__ => Marshal.PtrToStringUTF8((nint)Native.Version())!;

    public static DisposeScope NewDisposeScope() => new();

    public static int get_num_threads() => Native.Threads();

    public static void set_num_threads(int num) => Check.Ok(Native.SetThreads(num));

    public static class cuda
    {
        public static bool is_available() => Native.CudaDevices() > 0;

        public static bool is_cudnn_available() => Native.HasCudnn() != 0;

        public static int device_count() => Native.CudaDevices();

        // The current CUDA device is device 0: TorchSharp cannot choose another.
        public static void manual_seed(long seed)
        {
            if (is_available())
                Seed(0, seed);
        }

        public static void manual_seed_all(long seed)
        {
            for (int i = 0; i < device_count(); i++)
                Seed(i, seed);
        }

        private static void Seed(int index, long seed)
        {
            var generator = Check.Handle(Native.Generator((int)DeviceType.CUDA, index, 1));
            var status = Native.GeneratorSetSeed(generator, seed);
            Native.GeneratorRelease(generator);
            Check.Ok(status);
        }
    }

    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                public static bool allow_tf32
                {
                    get => Tf32(0);
                    set => Check.Ok(Native.SetTf32(0, value ? 1 : 0));
                }
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32
            {
                get => Tf32(1);
                set => Check.Ok(Native.SetTf32(1, value ? 1 : 0));
            }
        }

        private static bool Tf32(int cudnn)
        {
            var allowed = Native.Tf32(cudnn);
            Check.Ok(allowed);
            return allowed != 0;
        }
    }
}
