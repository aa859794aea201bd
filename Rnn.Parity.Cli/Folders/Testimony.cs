using Rnn.Parity.Bounds;

namespace Rnn.Parity.Folders;

/// <summary>What a witness, an engine outside this process, made of a case.</summary>
/// <param name="Witness">The witness's name, a folder of testimonies/.</param>
/// <param name="Quantities">output, h_n, grad.input, …: as many as the witness can compute.</param>
internal sealed record Testimony(string Witness, IReadOnlyDictionary<string, Tensor> Quantities)
{
    /// <summary>The layers' outputs and the gradients of the states, if the witness gives them.</summary>
    public Inner? Inner { get; init; }

    /// <summary>Reads what a witness made of a case; null if it does not speak of it.</summary>
    /// <exception cref="FixtureException">Something is not as it should be; the sentence names the file and the row.</exception>
    public static Testimony? Read(string fixtures, string witness, RnnCase c)
    {
        var path = Path.Combine(fixtures, "testimonies", witness, c.Id + ".csv");
        if (!File.Exists(path))
            return null;
        using var scope = NewDisposeScope();
        var quantities = TensorRows.Read(path, c).ToTensors(new CaseShapes(c), ["output", "h_n"]);
        scope.MoveToOuter(quantities.Values);
        return new Testimony(witness, quantities);
    }
}
