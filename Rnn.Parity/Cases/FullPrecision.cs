namespace Rnn.Parity.Cases;

/// <summary>
/// Switches TF32 off, which would round the operands of products on a GPU to 11 bits, until it is disposed of. It holds
/// for the whole process, and so as long as there is one.
/// </summary>
internal sealed class FullPrecision : IDisposable
{
    private static readonly Lock one = new();
    private static int holders;
    private static (bool matmul, bool cudnn) before;

    public FullPrecision()
    {
        using var alone = one.EnterScope();
        if (holders++ > 0)
            return;
        before = (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
        Set((false, false));
    }

    public void Dispose()
    {
        using var alone = one.EnterScope();
        if (--holders == 0)
            Set(before);
    }

    private static void Set((bool matmul, bool cudnn) allowed) =>
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = allowed;
}
