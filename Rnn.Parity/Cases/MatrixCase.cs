using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>
/// The cases of the matrix, generated from a seed: the full product of the options at small sizes, then random ones.
/// A case is known by its id alone: m, the seed, a dash, and its number, as in m1-0042.
/// </summary>
public static class MatrixCase
{
    /// <summary>How many cases of a seed <c>--all</c> runs if it is not told.</summary>
    public const int Count = 2400;

    private static readonly long[] steps = [2, 3, 4, 5, 8, 13];
    private static readonly long[] batches = [2, 3, 4, 7];
    private static readonly long[] features = [2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 31, 32, 33];
    private static readonly ScalarType[] dtypes =
    [
        ScalarType.Float32,
        ScalarType.Float64,
        ScalarType.Float32,
        ScalarType.Float64,
        ScalarType.BFloat16,
        ScalarType.Float16,
    ];
    private static readonly double[] dropouts = [0, 0.3, 1];

    // 4 layers × 2 nonlinearities × bias or none × batch first or not × 2 directions × 3 dropouts × training or not × 2 types
    private const int Product = 4 * 2 * 2 * 2 * 2 * 3 * 2 * 2;

    /// <summary>Every case of a seed whose number is a multiple of a step.</summary>
    public static IEnumerable<RnnCase> Sample(int seed, int step) =>
        Enumerable.Range(0, Count / step).Select(i => Of(seed, i * step));

    /// <summary>The case with an id, or null if the id is not of this form.</summary>
    public static RnnCase? Find(string id) =>
        CaseId.Parse('m', id, int.MaxValue) is { } found ? Of(found.seed, found.number) : null;

    /// <summary>
    /// The case of a seed and a number, of which there is no end. Draws until the gate lets one pass; what it rejects
    /// depends on nothing but the two.
    /// </summary>
    internal static RnnCase Of(int seed, int number)
    {
        var id = CaseId.Of('m', seed, number);
        for (var attempt = 0; ; attempt++)
        {
            var random = new Draws(seed, number, attempt);
            var c = number < Product ? FromProduct(id, number, random) : AtRandom(id, random);
            c = c with { Rejections = attempt };
            if (Gate.Rejects(c) is null)
                return c;
        }
    }

    private static RnnCase FromProduct(string id, int number, Draws random)
    {
        var (rest, digits) = (number, new List<int>());
        foreach (var radix in (int[])[4, 2, 2, 2, 2, 3, 2, 2])
        {
            digits.Add(rest % radix);
            rest /= radix;
        }
        var options = new RnnOptions(
            random.OneOf(features[..8]),
            random.OneOf(features[..8]),
            digits[0] + 1,
            (NonLinearities)digits[1],
            digits[2] == 0,
            digits[3] == 1,
            dropouts[digits[5]],
            digits[4] == 1,
            Dtype: digits[7] == 0 ? ScalarType.Float32 : ScalarType.Float64
        );
        return new RnnCase(id, "", random.OneOf(steps[..4]), random.OneOf(batches), options)
        {
            Evaluation = digits[6] == 1,
            SecondOrder = true,
            Reason = digits is [> 0, .., 2, 0, _]
                ? "dropout of 1: the layers above the first read zeros"
                : "the full product of the options",
        };
    }

    private static RnnCase AtRandom(string id, Draws random)
    {
        var large = random.Below(64) == 0;
        var options = new RnnOptions(
            large ? 200 : random.OneOf(features),
            large ? 256 : random.OneOf(features),
            large ? 1 : random.Below(4) + 1,
            (NonLinearities)random.Below(2),
            random.Below(2) == 0,
            random.Below(2) == 0,
            random.OneOf(dropouts),
            random.Below(2) == 0,
            Dtype: random.OneOf(dtypes)
        );
        var c = new RnnCase(id, "options and sizes at random", random.OneOf(steps), random.OneOf(batches), options)
        {
            SecondOrder = !large,
            Evaluation = random.Below(2) == 0,
            InputLayout = (Layout)random.Below(3),
            StateLayout = (Layout)random.Below(3),
        };
        return random.Below(8) switch
        {
            0 => c with { T = 1, Degenerate = true, Reason = "one step" },
            1 => c with { B = 1, Degenerate = true, Reason = "a batch of one" },
            2 => c with
            {
                B = 1,
                Unbatched = true,
                Degenerate = true,
                Options = options with { BatchFirst = false },
                Reason = "unbatched",
            },
            3 => c with { WithoutInitialState = true, Degenerate = true, Reason = "no h_0" },
            4 or 5 => Packed(c, random),
            _ => c,
        };
    }

    // The longest sequence has T steps, and another one fewer; with enforce_sorted they come longest first, else they do not.
    private static RnnCase Packed(RnnCase c, Draws random)
    {
        var lengths = Enumerable.Range(0, (int)c.B).Select(_ => (long)random.Below((int)c.T) + 1).ToArray();
        lengths[0] = random.Below((int)c.T - 1) + 1;
        lengths[1 + random.Below(lengths.Length - 1)] = c.T;
        var sorted = random.Below(2) == 0;
        return c with
        {
            Lengths = sorted ? [.. lengths.OrderDescending()] : lengths,
            EnforceSorted = sorted,
            Reason = sorted ? "packed, longest first" : "packed, in any order",
        };
    }
}
