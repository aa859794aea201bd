namespace Rnn.Parity.Exact;

/// <summary>
/// What the recurrence is evaluated in: exact integers, numbers with an error bound, or bounds on derivatives. An operation
/// is a sum of products; the order of its terms does not matter.
/// </summary>
/// <typeparam name="T">A number.</typeparam>
public abstract class Arithmetic<T>
{
    /// <summary>A given number, free of error.</summary>
    public abstract T Given(double value);

    /// <summary>One term of a sum.</summary>
    public abstract T Product(T a, T b);

    /// <summary>The sum of the terms, in whatever order.</summary>
    /// <param name="terms">Numbers, and products that have not been rounded.</param>
    /// <param name="place">Where in the recurrence the sum stands, for messages.</param>
    public abstract T Sum(IReadOnlyCollection<T> terms, string place);

    /// <summary>φ(a).</summary>
    /// <param name="a">The argument.</param>
    /// <param name="place">Where in the recurrence it stands, for messages.</param>
    public abstract T Activation(T a, string place);

    /// <summary>φ'(a) where φ(a) = h: tanh'(a) = 1 − h²; relu'(a) = 1 where h > 0, else 0.</summary>
    public abstract T Slope(T h);
}
