using Rnn.Parity.Cases;
using Rnn.Scratch;

namespace Rnn.Parity.Matrix;

/// <summary>What one implementation in one order of evaluation made of one case of the matrix.</summary>
/// <param name="Case">The case.</param>
/// <param name="Implementation">The implementation, by its type.</param>
/// <param name="Order">Its order of evaluation, which decides the reference.</param>
/// <param name="Device">Where it ran.</param>
/// <param name="Compared">The quantities that were compared.</param>
/// <param name="Differing">Those that are not identical.</param>
/// <param name="Explanation">The message if there are any.</param>
public sealed record MatrixResult(
    RnnCase Case,
    string Implementation,
    EvaluationOrder Order,
    string Device,
    IReadOnlyList<string> Compared,
    IReadOnlyList<string> Differing,
    string? Explanation
)
{
    /// <summary>Whether every quantity is identical.</summary>
    public bool Identical => Differing.Count == 0;
}
