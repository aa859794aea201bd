using Rnn.Parity.Folders;
using Rnn.Parity.Machine;
using Rnn.Parity.Tests.Folders;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Fixtures;

/// <summary>What scripts/fixtures.cs does, for scripts/regenerate-fixtures.sh.</summary>
public static class FixtureScript
{
    /// <summary>draw FOLDER, testify FOLDER or compare FOLDER MADE.</summary>
    /// <returns>0; 1 if what was made is not as it was; 2 after a sentence that says what is wrong.</returns>
    public static int Run(string[] args)
    {
        try
        {
            switch (args)
            {
                case ["draw", var folder]:
                    Console.WriteLine($"cases: {Draw(Path.Combine(folder, "cases"))} drawn");
                    return 0;
                case ["testify", var folder]:
                    Console.WriteLine($"onnxruntime: {OnnxWitness.Testify(folder)} cases");
                    return 0;
                case ["compare", var folder, var made]:
                    var differences = new Regeneration(folder, made).Record();
                    foreach (var difference in differences)
                        Console.WriteLine(difference);
                    return differences.Count == 0 ? 0 : 1;
                default:
                    Console.Error.WriteLine("draw FOLDER, testify FOLDER or compare FOLDER MADE is expected");
                    return 2;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }

    private static int Draw(string cases)
    {
        foreach (var c in WitnessCases.All)
        {
            using var scope = NewDisposeScope();
            WitnessCases.Draw(c).Write(Path.Combine(cases, c.Id));
        }
        var where = Surroundings.Current();
        string[][] environment =
        [
            ["script", "Rnn.Parity draw"],
            ["engine", "libtorch"],
            ["engine_version", where.Libtorch],
            ["device", "cpu"],
            ["blas", where.Blas],
        ];
        FolderWriting.WriteKeys(Path.Combine(cases, Manifest.Environment), environment);
        return WitnessCases.All.Count();
    }
}
