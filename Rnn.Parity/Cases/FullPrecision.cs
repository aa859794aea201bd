namespace Rnn.Parity.Cases;

/// <summary>
/// Switches TF32 off, which would round the operands of products on a GPU to 11 bits, until it is disposed of. It holds
/// for the whole process.
/// </summary>
internal sealed class FullPrecision : IDisposable
{
    private readonly (bool matmul, bool cudnn) before = (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);

    public FullPrecision() => Set((false, false));

    public void Dispose() => Set(before);

    private static void Set((bool matmul, bool cudnn) allowed) =>
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = allowed;
}
