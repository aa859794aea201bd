using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Exact;

/// <summary>
/// A relu case in float64, w1-0042 for seed 1, whose every number is drawn from M integers of its own, so that equality at the point drawn is
/// evidence of equality of polynomials. Theorem 4 of docs/exact.md.
/// </summary>
/// <param name="Case">The case.</param>
/// <param name="M">How many integers each number is drawn from, a power of two.</param>
public sealed record WideCase(RnnCase Case, int M)
{
    /// <summary>How many cases a seed gives: four draws of each configuration.</summary>
    public const int Count = 4 * Configurations;

    // 3 layers × bias or none × 2 directions × batch first or not
    private const int Configurations = 3 * 2 * 2 * 2;

    /// <summary>
    /// The degree of every output and gradient as a polynomial in the weights, x, h_0 and the cotangents, while no unit
    /// switches: L + T in one direction, 1 + L·T in both.
    /// </summary>
    public int Degree => DegreeOf(Case);

    /// <summary>With at most this probability two different polynomials of that degree agree at the point drawn.</summary>
    public double Chance => Math.Min(1, (double)Degree / M);

    /// <summary>All of them.</summary>
    public static IEnumerable<WideCase> All(int seed) => Enumerable.Range(0, Count).Select(index => Of(seed, index));

    private static int DegreeOf(RnnCase c) =>
        (int)(c.Options.Bidirectional ? 1 + c.Options.NumLayers * c.T : c.Options.NumLayers + c.T);

    /// <summary>
    /// Chooses the box first: signs, and the greatest M with which no point of the box rounds and none switches a unit. Then
    /// draws one point of it; whatever point that is, it is kept.
    /// </summary>
    internal static WideCase Of(int seed, int index)
    {
        // its draws go on from those of the small cases
        var number = ExactCase.Count + index;
        var options = ExactCase.Options(index % 3 + index % Configurations / 3 * 6) with
        {
            InputSize = 3,
            HiddenSize = index % 3 == 0 ? 3 : 2,
            NonLinearity = NonLinearities.ReLU,
            Dtype = ScalarType.Float64,
        };
        var c = new RnnCase(CaseId.Of('w', seed, index), "", index % 3 == 0 ? 3 : 2, 2, options);
        for (var attempt = 0; ; attempt++)
        {
            var box = new WideBox(c, new Draws(seed, number, attempt));
            if (box.Greatest(DegreeOf(c)) is not { } M)
                continue;
            c = c with { Rejections = attempt, Reason = $"each number is one of {M}, whatever they are" };
            return new(c with { Refine = _ => box.Draw(M, new Draws(seed, number, -1)) }, M);
        }
    }
}
