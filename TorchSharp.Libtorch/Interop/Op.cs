using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

// An operator of libtorch, "name.overload" without its "aten::", resolved at its first call.
internal sealed unsafe class Op(string name)
{
    private const int OnStack = 256;
    private nint handle;

    private nint Handle => handle != 0 ? handle : Resolve();

    // For an operator whose one result is a tensor.
    [SkipLocalsInit]
    public Tensor Call(params ReadOnlySpan<Arg> args)
    {
        var values = stackalloc Value[args.Length];
        var words = ListWords(args);
        Span<long> lists = words <= OnStack ? stackalloc long[words] : new long[words];
        fixed (long* start = lists)
        {
            Marshal(args, values, start);
            int failed = 0;
            var result = Native.Call1(Handle, values, args.Length, &failed);
            if (failed != 0)
                Check.Throw();
            return new Tensor(result);
        }
    }

    // For one that changes its first argument and returns it.
    public Tensor CallInPlace(params ReadOnlySpan<Arg> args)
    {
        Many(args, out var results);
        Native.Release(results[0].Pointer);
        return (Tensor)args[0].Reference!;
    }

    public Tensor[] CallMany(params ReadOnlySpan<Arg> args)
    {
        var tensors = new Tensor[Many(args, out var results)];
        for (int i = 0; i < tensors.Length; i++)
            tensors[i] = new Tensor(results[i].Pointer);
        return tensors;
    }

    // For one whose result is a number or a truth value.
    public Value CallValue(params ReadOnlySpan<Arg> args)
    {
        Many(args, out var results);
        return results[0];
    }

    [SkipLocalsInit]
    private long Many(ReadOnlySpan<Arg> args, out Value* results)
    {
        var values = stackalloc Value[args.Length];
        var words = ListWords(args);
        Span<long> lists = words <= OnStack ? stackalloc long[words] : new long[words];
        fixed (long* start = lists)
        fixed (Value** address = &results)
        {
            Marshal(args, values, start);
            var count = Native.Call(Handle, values, args.Length, address);
            if (count < 0)
                Check.Throw();
            return count;
        }
    }

    private static int ListWords(ReadOnlySpan<Arg> args)
    {
        int words = 0;
        foreach (ref readonly var arg in args)
            if (arg.Value.Tag is Tag.Ints or Tag.Tensors or Tag.Text)
                words += arg.Value.Extra;
        return words;
    }

    private static void Marshal(ReadOnlySpan<Arg> args, Value* values, long* lists)
    {
        foreach (ref readonly var arg in args)
        {
            *values = arg.Value;
            if (arg.Value.Tag is Tag.Ints or Tag.Tensors or Tag.Text)
            {
                values->Pointer = (nint)lists;
                CopyList(arg.Reference!, lists);
                lists += arg.Value.Extra;
            }
            values++;
        }
    }

    private static void CopyList(object list, long* target)
    {
        if (list is long[] numbers)
            numbers.CopyTo(new Span<long>(target, numbers.Length));
        else if (list is byte[] text)
            text.CopyTo(new Span<byte>(target, text.Length));
        else
            foreach (var tensor in (Tensor[])list)
                *target++ = Check.NotNull(tensor).Handle;
    }

    private nint Resolve()
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (stem, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        return handle = Check.Handle(Native.Find("aten::" + stem, overload));
    }
}
