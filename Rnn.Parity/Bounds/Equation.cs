namespace Rnn.Parity.Bounds;

/// <summary>
/// The equation of one direction of one layer, by its ingredients but h_{t−1}.
/// <para>h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)</para>
/// </summary>
internal record Equation
{
    /// <summary>x_t, (n, K), and how far the run's own can be from it; null if it is the run's own.</summary>
    public required Matrix X { get; init; }

    /// <inheritdoc cref="X"/>
    public Matrix? XRadius { get; init; }

    /// <summary>The errors within that radius, by direction of the layer below and row; null where their signs are not known.</summary>
    public IReadOnlyList<Zonotope[]>? XErrors { get; init; }

    /// <summary>(H, K).</summary>
    public required Matrix W_ih { get; init; }

    /// <summary>(H, H).</summary>
    public required Matrix W_hh { get; init; }

    /// <summary>(H), null without biases.</summary>
    public double[]? B_ih { get; init; }

    /// <summary>(H), null without biases.</summary>
    public double[]? B_hh { get; init; }

    public required Nonlinearity Φ { get; init; }

    public required Rounding Rounding { get; init; }

    public int Size => W_hh.Rows;

    public static double[]? Map(double[]? bias, Func<double, double> f) =>
        bias is null ? null : Array.ConvertAll(bias, f.Invoke);
}
