using Rnn.Parity.Diagnosis;

namespace Rnn.Parity.Reporting;

/// <summary>The parts of the report.</summary>
internal enum Section
{
    /// <summary>An implementation beside a reference.</summary>
    Parity,

    /// <summary>Cases in which nothing rounds, beside the oracle of integers.</summary>
    Exact,

    /// <summary>A run that was recorded in a folder, and an implementation beside it.</summary>
    Recorded,
}

/// <summary>One thing to establish.</summary>
/// <param name="Section">The part of the report that it belongs to.</param>
/// <param name="Document">The document's three-digit number.</param>
/// <param name="Case">The case's id.</param>
/// <param name="Subject">The implementation, by its type.</param>
/// <param name="Reference">What it is compared with.</param>
/// <param name="Device">Where it runs.</param>
/// <param name="Run">Establishes it.</param>
internal sealed record Check(
    Section Section,
    string Document,
    string Case,
    string Subject,
    string Reference,
    string Device,
    Func<Finding> Run
)
{
    /// <summary>The least evidence that is claimed; less is a failure.</summary>
    public Evidence Claim { get; init; } = Evidence.Certified;

    /// <summary>Runs both once more, for their states, while the tensors of the case live; null where there is no such pair.</summary>
    public Func<Sides>? Sides { get; init; }
}
