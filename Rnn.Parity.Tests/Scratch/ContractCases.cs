using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Tests.Notebooks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Scratch;

/// <summary>The documents' cases and nine shapes, each with tanh and relu, with and without bias, in float32 and float64.</summary>
public static class ContractCases
{
    private static readonly RnnCase[] shapes =
    [
        Shape(10, 1, 1, 1, "document 002's sizes: every product is one number"),
        Shape(30, 1, 2, 1, "document 001's sizes: many steps of one unit"),
        Shape(2, 4, 3, 5, "document 000's sizes: I < H, a batch"),
        Shape(4, 1, 5, 20, "document 004's sizes: a batch of one"),
        Shape(6, 3, 10, 20, "document 004's cell"),
        Shape(7, 5, 31, 33, "a prime and neighbours of a power of two: the edges of vectorised kernels"),
        Shape(20, 16, 128, 64, "powers of two, I > H"),
        Shape(35, 20, 200, 256, "a small language model's sizes"),
        Shape(10, 64, 512, 512, "where a fused bias begins to round differently, and products run on many threads"),
    ];

    /// <summary>Every configuration.</summary>
    public static IReadOnlyList<RnnCase> All { get; } =
    [
        .. from c in NotebookCases.All.Concat(shapes)
        from nonLinearity in Enum.GetValues<NonLinearities>()
        from bias in new[] { true, false }
        from dtype in new[] { ScalarType.Float32, ScalarType.Float64 }
        select c with
        {
            Id = $"{c.Id}-{nonLinearity}-{(bias ? "bias" : "nobias")}-{dtype}".ToLowerInvariant(),
            Options = c.Options with { NonLinearity = nonLinearity, Bias = bias, Dtype = dtype },
        },
    ];

    /// <summary>Those that are run: prime to the eight options of a shape, so that each shape and each option is there.</summary>
    public static IEnumerable<TestCaseData> Run =>
        Extent.Sample(All, every: 7, "configurations beside their reference", first: 1);

    /// <summary>Those in float32 with bias.</summary>
    public static IEnumerable<RnnCase> Float32WithBias =>
        All.Where(c => c.Options is { Bias: true, Dtype: ScalarType.Float32 });

    private static RnnCase Shape(long T, long B, long I, long H, string reason) =>
        new($"shape-{T}-{B}-{I}-{H}", reason, T, B, new(I, H));
}
