namespace Rnn.Parity.Bounds;

/// <summary>
/// One direction of one layer of a run. A row is a step of a sequence of the batch; packed sequences have rows for the
/// steps that they have.
/// </summary>
internal sealed record RecordedLayer : Equation
{
    public required int Index { get; init; }

    public required bool Reverse { get; init; }

    public required int Slot { get; init; }

    public string Suffix => RnnOptions.Suffix(Index, Reverse);

    /// <summary>Which rows there are, and which is computed from which.</summary>
    public required Rows Rows { get; init; }

    /// <summary>The run's own h_t, (rows, H); null if only a layer above it was recorded.</summary>
    public Matrix? States { get; init; }

    /// <summary>Where the equation, at the run's own previous states, allows each h_t to lie, by rows.</summary>
    public Enclosure[] Enclosures { get; init; } = [];

    /// <summary>h_t, (rows, H), and how far the run's can be from it: not at all where they were recorded.</summary>
    public Bounded Known =>
        States is { } own
            ? Bounded.Given(own)
            : new(
                new([.. Enclosures.Select(e => e.Value.High)], Rows.Count, Size),
                new([.. Enclosures.Select(e => e.Radius)], Rows.Count, Size)
            );

    /// <summary>By what dropout has multiplied the states below, which are X then; null if by nothing.</summary>
    public Matrix? Mask { get; init; }

    /// <summary>(B, H).</summary>
    public required Matrix H_0 { get; init; }

    public string Name => FormattableString.Invariant($"layer {Index}, {(Reverse ? "reverse" : "forward")}");

    /// <summary>The steps of some rows as the equation has them, each from this run's own previous state.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="x">The row whose x_t is read, below 0 for zeros; its own if null.</param>
    /// <param name="h">The row whose state is read, −1 − b for h_0 of sequence b; the one before it if null.</param>
    public Steps At(IReadOnlyList<int> rows, Func<int, int>? x = null, Func<int, int>? h = null)
    {
        int[] xs = [.. x is null ? rows : rows.Select(x)];
        int[] hs = [.. rows.Select(h ?? Previous)];
        return new(this, States!.Gather(hs, H_0), hs)
        {
            X = X.Gather(xs),
            XRadius = XRadius?.Gather(xs),
            XErrors = XErrors is null
                ? null
                :
                [
                    .. XErrors.Select(e =>
                        xs.Select(row => row < 0 ? Zonotope.Zero(X.Columns / XErrors.Count) : e[row]).ToArray()
                    ),
                ],
        };
    }

    /// <summary>The row before a row, −1 − b for h_0 of sequence b.</summary>
    public int Previous(int row) => Rows.Previous(row, Reverse);

    /// <summary>The rows that are computed at turn i, from 0, one of each sequence that has as many.</summary>
    public int[] Turn(int i) =>
        [
            .. Enumerable
                .Range(0, Rows.Batch)
                .Select(b => Rows.Of(b, Reverse))
                .Where(sequence => i < sequence.Length)
                .Select(sequence => sequence[i]),
        ];

    public int Turns => Enumerable.Range(0, Rows.Batch).Max(b => Rows.Of(b, Reverse).Length);
}
