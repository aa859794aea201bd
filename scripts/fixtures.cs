#:project ../Rnn.Parity.Tests/Rnn.Parity.Tests.csproj
#:property PublishAot=false
#:property GenerateTestingPlatformEntryPoint=false
#:property UseAppHost=false

// dotnet run scripts/fixtures.cs draw FOLDER           draws the cases that every witness is given
// dotnet run scripts/fixtures.cs compare FOLDER MADE   writes the manifest of what was made; 0 if it is as it was, 1 if not
using Rnn.Parity.Folders;
using Rnn.Parity.Reporting;
using Rnn.Parity.Tests;
using Rnn.Parity.Tests.Fixtures;
using static TorchSharp.torch;

try
{
    switch (args)
    {
        case ["draw", var folder]:
            return Draw(Path.Combine(folder, "cases"));
        case ["compare", var folder, var made]:
            var differences = new Regeneration(folder, made).Record();
            foreach (var difference in differences)
                Console.WriteLine(difference);
            return differences.Count == 0 ? 0 : 1;
        default:
            Console.Error.WriteLine("draw FOLDER or compare FOLDER MADE is expected");
            return 2;
    }
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

static int Draw(string cases)
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
    Console.WriteLine($"cases: {WitnessCases.All.Count()} drawn");
    return 0;
}
