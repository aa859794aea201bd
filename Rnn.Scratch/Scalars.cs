using TorchSharp;
using static TorchSharp.torch;

namespace Rnn.Scratch;

/// <summary>
/// Sums that a garbage collection does not disturb. TorchSharp's a + b gives libtorch a Scalar of 1 to which nothing refers
/// any more once its handle is read: a collection on another thread can free it before libtorch has read it, and the
/// sum is another number or an exception. These scalars live as long as the program.
/// </summary>
internal static class Scalars
{
    public static readonly Scalar Zero = 0;
    public static readonly Scalar One = 1;

    /// <summary>a + b, element by element.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary>1 − a, element by element.</summary>
    public static Tensor OneMinus(Tensor a) => a.negative().add(One);
}
