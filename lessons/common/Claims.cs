using Rnn.Parity.Bounds;
using Rnn.Scratch;
using static TorchSharp.torch;

/// <summary>What a lesson prints: numbers, and claims that it has just tested.</summary>
internal static class Claims
{
    /// <summary>Prints a tensor's name and its values, so many a line.</summary>
    public static void Print(string name, Tensor t, int width = 10)
    {
        Console.WriteLine(name);
        foreach (var row in t.reshape(-1).data<float>().Chunk(width))
            Console.WriteLine("  " + string.Join(" ", row.Select(v => $"{v, 7:F4}")));
    }

    /// <summary>Prints a claim that holds, and stops the program at one that does not.</summary>
    public static void Claim(bool holds, string claim) =>
        Console.WriteLine(holds ? "- " + claim : throw new InvalidOperationException("It is not so that " + claim));

    /// <summary>Claims something of every element.</summary>
    public static void Each(Tensor holds, string claim) =>
        Claim(holds.all().item<bool>(), $"{claim}: {holds.sum().item<long>()} of {holds.numel()} elements");

    /// <summary>
    /// Claims that no state is farther from nn.RNN's equation, at the same run's state before it, than rounding explains:
    /// docs/certified.md derives how far that is.
    /// </summary>
    public static void Certified(
        string states,
        RnnOptions options,
        Dictionary<string, Tensor> weights,
        Tensor x,
        Tensor? h_0,
        Tensor h
    )
    {
        var finding = Certification.Of(options, weights, x, h_0, h);
        var within = finding.Elements - finding.Differing;
        Claim(finding.Holds, $"{states} within rounding of the equation: {within} of {finding.Elements} elements");
    }
}
