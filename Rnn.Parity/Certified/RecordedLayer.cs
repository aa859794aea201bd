namespace Rnn.Parity.Certified;

/// <summary>
/// One direction of one layer of a run. A row is a step of a sequence of the batch; packed sequences have rows for the
/// steps that they have.
/// <para>h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)</para>
/// </summary>
internal sealed record RecordedLayer
{
    /// <summary>As in: layer 1, reverse.</summary>
    public required string Name { get; init; }

    /// <summary>The ending of its weights' names.</summary>
    public required string Suffix { get; init; }

    /// <summary>Its nonlinearity.</summary>
    public required Nonlinearity Φ { get; init; }

    /// <summary>Which rows there are, and which is computed from which.</summary>
    public required Rows Rows { get; init; }

    /// <summary>Whether time runs from T to 1.</summary>
    public required bool Reverse { get; init; }

    /// <summary>x_t, (rows, K), and how far the run's own x_t can be from it; null if it is the run's own.</summary>
    public required Matrix X { get; init; }

    /// <inheritdoc cref="X"/>
    public Matrix? XRadius { get; init; }

    /// <summary>The errors within that radius, by direction of the layer below and row; null if there are none.</summary>
    public IReadOnlyList<Zonotope[]>? XErrors { get; init; }

    /// <summary>The run's own h_t, (rows, H); null if only a layer above it was recorded.</summary>
    public Matrix? States { get; init; }

    /// <summary>(B, H).</summary>
    public required Matrix H_0 { get; init; }

    /// <summary>(H, K).</summary>
    public required Matrix W_ih { get; init; }

    /// <summary>(H, H).</summary>
    public required Matrix W_hh { get; init; }

    /// <summary>(H), null without biases.</summary>
    public double[]? B_ih { get; init; }

    /// <summary>(H), null without biases.</summary>
    public double[]? B_hh { get; init; }

    /// <summary>H.</summary>
    public int Size => W_hh.Rows;

    /// <summary>Through how many roundings a product passes at most: its own and an addition for each other term.</summary>
    public int Terms => W_ih.Columns + W_hh.Columns + (B_ih is null ? 0 : 2);
}
