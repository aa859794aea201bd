using Rnn.Parity.Diagnosis;

namespace Rnn.Parity.Reporting;

internal enum Section
{
    Parity,

    Exact,

    Recorded,
}

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
