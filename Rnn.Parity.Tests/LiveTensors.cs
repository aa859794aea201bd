using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>How many tensors live.</summary>
internal static class LiveTensors
{
    /// <summary>The number of live tensors, to be compared with another.</summary>
    /// <param name="parametersBuilt">
    /// How many Parameters were built since the other was taken: TorchSharp's own count goes up by one for ever with each,
    /// as TorchSharpTrapTests shows.
    /// </param>
    public static long Count(long parametersBuilt = 0) => Tensor.TotalCount - parametersBuilt;
}
