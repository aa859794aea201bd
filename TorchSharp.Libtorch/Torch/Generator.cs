using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public class Generator : IDisposable
    {
        private nint handle;

        public Generator(ulong seed = 0, Device? device = null)
            : this(device ?? CPU, isDefault: false) => manual_seed((long)seed);

        private Generator(Device device, bool isDefault)
        {
            this.device = device;
            handle = Check.Handle(Native.Generator((int)device.type, device.index, isDefault ? 1 : 0));
        }

        ~Generator() => Dispose(false);

        public static Generator Default => new(CPU, isDefault: true);

        public nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device { get; }

        public Generator manual_seed(long seed)
        {
            Check.Ok(Native.GeneratorSetSeed(Handle, seed));
            return this;
        }

        public long initial_seed()
        {
            var seed = Native.GeneratorSeed(Handle);
            GC.KeepAlive(this);
            return seed;
        }

        public long seed()
        {
            var seed = DateTime.UtcNow.Ticks;
            manual_seed(seed);
            return seed;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var released = Interlocked.Exchange(ref handle, 0);
            if (released != 0)
                Native.GeneratorRelease(released);
        }
    }

    public static Generator manual_seed(long seed)
    {
        Check.Ok(Native.ManualSeed(seed));
        return Generator.Default;
    }

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long initial_seed() => WithDefault(g => g.initial_seed());

        public static long seed() => WithDefault(g => g.seed());

        private static long WithDefault(Func<Generator, long> use)
        {
            using var generator = Generator.Default;
            return use(generator);
        }
    }
}
