using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // A managed handle on a TensorImpl of libtorch, of which it holds one reference.
    public partial class Tensor : IScoped
    {
        private static long total;
        private static long peak;

        internal nint handle;

        // Takes over the reference. A handle of zero is libtorch's undefined tensor: invalid, and not counted.
        internal Tensor(nint handle, bool register = true)
        {
            this.handle = handle;
            if (handle == 0)
            {
                GC.SuppressFinalize(this);
                return;
            }
            peak = Math.Max(Interlocked.Increment(ref total), peak);
            if (register)
                DisposeScope.Adopt(this);
        }

        ~Tensor() => Release();

        public static long TotalCount => total;

        public static long PeakCount => peak;

        public nint Handle =>
            handle != 0
                ? handle
                : throw new InvalidOperationException("The tensor has been disposed, or is undefined.");

        public bool IsInvalid => handle == 0;

        public string? name { get; set; }

        DisposeScope? IScoped.Scope { get; set; }

        int IScoped.Slot { get; set; }

        internal DisposeScope? Scope => ((IScoped)this).Scope;

        public void Dispose()
        {
            if (handle == 0)
                return;
            Scope?.MarkAsDisposed(this);
            Release();
            GC.SuppressFinalize(this);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            Scope?.Detach(this);
            return this;
        }

        public Tensor alias()
        {
            var shared = Native.Retain(Handle);
            GC.KeepAlive(this);
            return new Tensor(shared);
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public bool Equals(Tensor target) => target is not null && Aten.Equal.CallValue(this, target).Int != 0;

        public override int GetHashCode() => base.GetHashCode();

        // Gives the native reference away, to a Parameter; the tensor is invalid from then on.
        internal nint MoveHandle()
        {
            var moved = Interlocked.Exchange(ref handle, 0);
            if (moved != 0)
            {
                Interlocked.Decrement(ref total);
                GC.SuppressFinalize(this);
            }
            return moved;
        }

        private void Release()
        {
            var released = Interlocked.Exchange(ref handle, 0);
            if (released == 0)
                return;
            Interlocked.Decrement(ref total);
            Native.Release(released);
        }
    }
}
