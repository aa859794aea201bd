namespace Rnn.Parity.Exact;

/// <summary>Where in the recurrence a sum stands, for messages: a at [0, 1, 2] of l0.</summary>
internal readonly record struct SumPlace(string Quantity, int I = -1, int J = -1, int K = -1, string? Suffix = null)
{
    public override string ToString()
    {
        var indices = new[] { I, J, K }.Where(index => index >= 0).ToList();
        var at = indices.Count == 0 ? "" : $" at [{string.Join(", ", indices)}]";
        return $"{Quantity}{at}{(Suffix is null ? "" : $" of {Suffix}")}";
    }
}

/// <summary>
/// What the recurrence is evaluated in: exact integers, numbers with an error bound, or bounds on derivatives. An operation
/// is a sum of products; the order of its terms does not matter.
/// </summary>
/// <typeparam name="T">A number.</typeparam>
internal abstract class Arithmetic<T>
{
    /// <summary>A given number, free of error.</summary>
    public abstract T Given(double value);

    /// <summary>One term of a sum.</summary>
    public abstract T Product(T a, T b);

    /// <summary>The sum of the terms, in whatever order.</summary>
    public abstract T Sum(IReadOnlyCollection<T> terms, SumPlace place);

    /// <summary>φ(a).</summary>
    public abstract T Activation(T a, SumPlace place);

    /// <summary>φ'(a) where φ(a) = h: tanh'(a) = 1 − h²; relu'(a) = 1 where h > 0, else 0.</summary>
    public abstract T Slope(T h);
}
