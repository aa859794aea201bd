using static TorchSharp.torch.nn;

namespace Rnn.Parity.Exact;

/// <summary>
/// The cases in which nothing rounds, generated from a seed. A case is known by its id alone: e, the seed, a dash, and its
/// number, as in e1-0042.
/// </summary>
public static class ExactCase
{
    // 3 layers × 2 nonlinearities × bias or none × 2 directions × batch first or not
    private const int Product = 3 * 2 * 2 * 2 * 2;

    /// <summary>
    /// How many cases a seed gives: three times the product in each of three types, once in float16, which not every libtorch
    /// computes on a CPU.
    /// </summary>
    public const int Count = 10 * Product;

    private static readonly ScalarType[] dtypes = [ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16];
    private static readonly long[] steps = [2, 3, 4];
    private static readonly long[] batches = [2, 3];
    private static readonly long[] features = [3, 4, 5];

    /// <summary>Every case of a seed whose number is a multiple of a step.</summary>
    public static IEnumerable<RnnCase> Sample(int seed, int step) =>
        Enumerable.Range(0, (Count + step - 1) / step).Select(i => Of(seed, i * step));

    /// <summary>The case with an id, or null if the id is not of this form.</summary>
    public static RnnCase? Find(string id) =>
        CaseId.Parse('e', id, Count) is { } found ? Of(found.seed, found.number) : null;

    // Draws until nothing rounds and the gate lets a case pass; both depend on nothing but the seed and the number.
    internal static RnnCase Of(int seed, int number)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var scope = NewDisposeScope();
            var (tried, c) = (attempt, Shape(seed, number, new Draws(seed, number, attempt)));
            if (ExactGate.Passes(c, Tensors(c, tried)))
                return c with { Rejections = attempt, Refine = _ => Tensors(c, tried) };
        }

        CaseTensors Tensors(RnnCase c, int attempt) =>
            new ExactTensors(c, new Draws(seed, number, ~attempt)).Draw(attempt);
    }

    private static RnnCase Shape(int seed, int number, Draws random)
    {
        var (block, options) = (number / Product, Options(number % Product));
        var dtype = block == 9 ? ScalarType.Float16 : dtypes[block % 3];
        options = options with
        {
            Dtype = dtype,
            InputSize = random.OneOf(features),
            HiddenSize = random.OneOf(features),
        };
        // in eight bits there is room for fewer steps of a deep stack
        var T = dtype == ScalarType.BFloat16 && options.NumLayers > 1 ? 2 : random.OneOf(steps);
        var unbatched = block is >= 6 and < 9 && options.BatchFirst;
        var φ = options.NonLinearity == NonLinearities.ReLU ? "small integers" : "tanh at 0 and saturated";
        return new RnnCase(
            CaseId.Of('e', seed, number),
            unbatched ? $"{φ}, unbatched" : φ,
            T,
            unbatched ? 1 : random.OneOf(batches),
            unbatched ? options with { BatchFirst = false } : options
        )
        {
            Unbatched = unbatched,
        };
    }

    /// <summary>The options with a number in the product; sizes are yet to be chosen.</summary>
    internal static RnnOptions Options(int number) =>
        new(
            1,
            1,
            number % 3 + 1,
            (NonLinearities)(number / 3 % 2),
            number / 6 % 2 == 0,
            number / 12 % 2 == 1,
            Bidirectional: number / 24 % 2 == 1
        );
}
