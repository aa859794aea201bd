using TorchSharp;
using static TorchSharp.torch;

namespace Rnn.Scratch;

/// <summary>
/// Arithmetic that a garbage collection does not disturb. TorchSharp's a + b gives libtorch a Scalar of 1 to which nothing
/// refers any more once its handle is read: a collection on another thread can free it before libtorch has read it, and
/// the sum is another number or an exception. The same holds for every number that becomes a Scalar on the way. These
/// live as long as the program, or until the operation is done.
/// </summary>
internal static class Scalars
{
    public static readonly Scalar Zero = 0;
    public static readonly Scalar One = 1;

    /// <summary>a + b, element by element.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary>a + b in place of a.</summary>
    public static Tensor PlusInPlace(this Tensor a, Tensor b) => a.add_(b, One);

    /// <summary>a + α b, element by element.</summary>
    public static Tensor Plus(this Tensor a, Tensor b, double α)
    {
        using Scalar factor = α;
        return a.add(b, factor);
    }

    /// <summary>a + b for each element of a.</summary>
    public static Tensor Plus(this Tensor a, double b)
    {
        using Scalar number = b;
        return a.add(number, One);
    }

    /// <summary>a b for each element of a.</summary>
    public static Tensor Times(this Tensor a, double b)
    {
        using Scalar number = b;
        return a.mul(number);
    }

    /// <summary>a / b for each element of a.</summary>
    public static Tensor Over(this Tensor a, double b)
    {
        using Scalar number = b;
        return a.div(number);
    }

    /// <summary>1 − a, element by element.</summary>
    public static Tensor OneMinus(Tensor a) => a.negative().add(One, One);
}
