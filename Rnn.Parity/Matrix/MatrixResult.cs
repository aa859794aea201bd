using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using TorchSharp;

namespace Rnn.Parity.Matrix;

/// <summary>A run of the matrix.</summary>
/// <param name="Results">What was established.</param>
/// <param name="Rejected">How many draws the gate rejected.</param>
/// <param name="LeftOut">How many cases were left out, by the type that libtorch does not compute in here.</param>
public sealed record MatrixRuns(
    IReadOnlyList<MatrixResult> Results,
    int Rejected,
    IReadOnlyDictionary<string, int> LeftOut
)
{
    /// <summary>Whether everything that is claimed is identical.</summary>
    public bool Holds => Results.All(r => r.Holds);
}

/// <summary>What one implementation in one order of evaluation made of one case of the matrix.</summary>
/// <param name="Case">The case.</param>
/// <param name="Implementation">The implementation, by its type.</param>
/// <param name="Order">Its order of evaluation, which decides the reference.</param>
/// <param name="Device">Where it ran.</param>
/// <param name="Compared">The quantities that were compared.</param>
/// <param name="Differing">Those that are not identical.</param>
/// <param name="Explanation">The message if there are any.</param>
/// <param name="Certified">Whether both runs are certified; asked where they differ and no more is claimed.</param>
/// <param name="Elements">How many numbers were compared.</param>
public sealed record MatrixResult(
    RnnCase Case,
    string Implementation,
    EvaluationOrder Order,
    string Device,
    IReadOnlyList<string> Compared,
    IReadOnlyList<string> Differing,
    string? Explanation,
    bool Certified = false,
    long Elements = 0
)
{
    /// <summary>Whether every quantity is identical.</summary>
    public bool Identical => Differing.Count == 0;

    /// <summary>What is claimed of it.</summary>
    public Evidence Claim => ParityCheck.Claim(torch.device(Device).type, Order);

    /// <summary>What was established.</summary>
    public Evidence Evidence =>
        Identical ? Evidence.Identical
        : Certified ? Evidence.Certified
        : Evidence.Differs;

    /// <summary>Whether it is what is claimed.</summary>
    public bool Holds => Evidence >= Claim;
}
