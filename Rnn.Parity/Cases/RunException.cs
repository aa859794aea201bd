namespace Rnn.Parity.Cases;

/// <summary>An RNN could not be run, or returned something else than nn.RNN does; the message is one sentence.</summary>
public sealed class RunException(string sentence, Exception? inner = null) : Exception(sentence, inner)
{
    /// <summary>What that establishes: that it differs, or nothing where the RNN does not take such a case.</summary>
    public Evidence Evidence { get; init; } = Evidence.Differs;
}
