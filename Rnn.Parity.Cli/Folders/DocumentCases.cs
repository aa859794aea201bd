namespace Rnn.Parity.Folders;

/// <summary>
/// The configurations of the five documents, with their own sizes and inputs and, where a seed gives them, weights:
/// recorded in the fixtures beside the program.
/// </summary>
internal static class DocumentCases
{
    private static readonly string[] ids =
    [
        "000-one-neuron",
        "000-five-neurons",
        "001-scratch",
        "001-nn-rnn",
        "002-ones",
        "003-one-neuron",
        "003-two-neurons",
        "004-unbatched",
        "004-cell",
        "004-two-layers",
    ];

    public static IReadOnlyList<RnnCase> All => [.. ids.Select(Read)];

    private static RnnCase Read(string id)
    {
        using var scope = NewDisposeScope();
        var folder = Path.Combine(AppContext.BaseDirectory, "fixtures", "cases", id);
        return CaseFolder.Read(folder).Case with { Refine = _ => CaseFolder.Read(folder).Tensors };
    }
}
