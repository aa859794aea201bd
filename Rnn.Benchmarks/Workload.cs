namespace Rnn.Benchmarks;

/// <summary>The sizes of a call.</summary>
public sealed record Workload(long T, long B, long I, long H)
{
    /// <summary>From one unit to what a GPU would be asked for.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new(10, 1, 1, 1),
        new(30, 1, 2, 1),
        new(6, 3, 10, 20),
        new(100, 1, 64, 128),
        new(100, 32, 128, 256),
        new(50, 64, 512, 512),
    ];

    /// <inheritdoc/>
    public override string ToString() => $"T{T} B{B} I{I} H{H}";
}
