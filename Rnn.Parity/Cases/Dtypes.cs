namespace Rnn.Parity.Cases;

/// <summary>The floating-point types in which libtorch computes an RNN on this machine's CPU.</summary>
public static class Dtypes
{
    private static readonly ScalarType[] all =
    [
        ScalarType.Float32,
        ScalarType.Float64,
        ScalarType.BFloat16,
        ScalarType.Float16,
    ];

    /// <summary>Those that a small nn.RNN runs in, forward and backward; older versions of libtorch have no float16 products on a CPU.</summary>
    public static IReadOnlyList<ScalarType> Computed { get; } = [.. all.Where(Computes)];

    private static bool Computes(ScalarType dtype)
    {
        var c = new RnnCase("probe", "whether libtorch computes in this type", 2, 2, new(2, 2, Dtype: dtype));
        try
        {
            using var scope = NewDisposeScope();
            _ = RnnRun.Of(RnnFactory.Rnn, c, c.Draw(), CPU);
            return true;
        }
        catch (RunException)
        {
            return false;
        }
    }
}
