using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Rnn.Parity.Bits;

/// <summary>The bits of one quantity, in so few characters that two machines can be compared.</summary>
/// <param name="Group">Which cases this one belongs to.</param>
/// <param name="Case">The case's id.</param>
/// <param name="By">Who computed it: a reference, or <see cref="Drawn"/> for what the references are given.</param>
/// <param name="Quantity">Its name, as output or grad.input.</param>
/// <param name="Elements">How many numbers it has.</param>
/// <param name="Sha256">SHA-256 of its bytes, row-major.</param>
public sealed record Fingerprint(string Group, string Case, string By, string Quantity, long Elements, string Sha256)
{
    /// <summary>The name under which weights, input, h_0 and cotangents stand.</summary>
    public const string Drawn = "drawn";

    /// <summary>The fingerprint of a tensor on any device.</summary>
    public static string Of(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = NewDisposeScope();
        return Convert.ToHexStringLower(SHA256.HashData(tensor.detach().cpu().contiguous().bytes));
    }
}
