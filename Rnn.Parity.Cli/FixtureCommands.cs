using System.CommandLine;
using Rnn.Parity.Folders;
using Rnn.Parity.Jobs;
using Rnn.Parity.Reporting;
using static TorchSharp.torch;

namespace Rnn.Parity.Cli;

/// <summary>The commands with which scripts/regenerate-fixtures.sh makes and compares fixtures.</summary>
public static class FixtureCommands
{
    /// <summary>draw and compare, which the help does not list.</summary>
    public static IEnumerable<Command> All
    {
        get
        {
            var folder = new Argument<string>("folder") { Description = "A folder of fixtures." };
            var made = new Argument<string>("made") { Description = "The folder of those made again." };
            var draw = new Command("draw", "Draws the cases that every witness is given.") { folder };
            var compare = new Command("compare", "Writes the manifest of what was made; 0 if it is as it was.")
            {
                folder,
                made,
            };
            draw.SetAction(parsed => Guarded(() => Draw(parsed.GetValue(folder)!)));
            compare.SetAction(parsed => Guarded(() => Compare(parsed.GetValue(folder)!, parsed.GetValue(made)!)));
            draw.Hidden = compare.Hidden = true;
            return [draw, compare];
        }
    }

    private static int Guarded(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine(e.Message);
            return CommandLine.BadInput;
        }
    }

    private static int Draw(string folder)
    {
        var cases = Path.Combine(folder, "cases");
        var count = 0;
        foreach (var c in WitnessCases.All)
        {
            using var scope = NewDisposeScope();
            WitnessCases.Draw(c).Write(Path.Combine(cases, c.Id));
            count++;
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
        new FixtureFile(Path.Combine(cases, Regeneration.Environment), "key", "value").Write(environment);
        Console.WriteLine($"cases: {count} drawn");
        return 0;
    }

    private static int Compare(string folder, string made)
    {
        var differences = new Regeneration(folder, made).Record();
        foreach (var difference in differences)
            Console.WriteLine(difference);
        return differences.Count == 0 ? 0 : 1;
    }
}
