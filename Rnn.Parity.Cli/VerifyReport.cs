using System.Globalization;
using Rnn.Parity.Comparison;
using Rnn.Parity.Reporting;
using Spectre.Console;

namespace Rnn.Parity.Cli;

/// <summary>What verify found, as a table.</summary>
public static class VerifyReport
{
    private static readonly string[] columns =
    [
        "folder",
        "run",
        "evidence",
        "bound",
        "probabilistic bound",
        "widest bound",
    ];

    /// <summary>Writes a row a run, then the faults of each folder that has some, then the count.</summary>
    public static void Write(IAnsiConsole console, bool plain, IReadOnlyList<Result> results)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(results);
        var table = new Table { Border = plain ? TableBorder.None : TableBorder.Rounded };
        table.AddColumns(columns);
        foreach (var r in results)
            table.AddRow([.. Row(r).Select(Markup.Escape)]);
        console.Write(table);
        foreach (var folder in results.Where(r => !r.Holds).GroupBy(r => r.Check.Case))
            console.WriteLine($"\n{folder.Key}\n{string.Join('\n', Explanations(folder))}");
        foreach (var doubt in results.Select(r => r.Finding.Doubt).OfType<string>().Distinct())
            console.WriteLine("\ndoubtful: " + doubt);
        if (results.Any(r => r.IsUndecided))
            console.WriteLine(
                "\nundecided: nothing contradicts the equation, and the bound is too wide to say that it holds. What decides it: record the states and adjoints of every layer, or fewer steps, or leave out the gradients."
            );
        if (results.Any(r => r.Finding.WidestBound is not null))
            console.WriteLine(
                "\nbound: the worst error in parts of its bound; widest bound: in parts of the largest value of its quantity. A mistake of that size passes."
            );
        foreach (var error in results.Select(r => r.Finding.TanhError).Where(u => u > 0).Distinct())
            console.WriteLine(
                $"\ntanh: where the engine is ONNX Runtime, bounds are wider by {error} u, absolutely, since it evaluates tanh x as 2σ(2x) − 1."
            );
        console.WriteLine("\n" + Count(results));
    }

    /// <summary>The last line: how many runs there are and what was established.</summary>
    public static string Count(IReadOnlyList<Result> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var kinds = Enum.GetValues<Evidence>()
            .OrderDescending()
            .Select(e => (e, count: results.Count(r => r.Holds && r.Finding.Evidence == e)))
            .Where(k => k.count > 0)
            .Select(k => $"{k.count} {Name(k.e)}");
        var folders = results.Select(r => r.Check.Case).Distinct().Count();
        var undecided = results.Count(r => r.IsUndecided);
        var parts = kinds
            .Concat(undecided > 0 ? [$"{undecided} undecided"] : [])
            .Append($"{results.Count(r => r.Fails)} failed");
        return $"{results.Count} {(results.Count == 1 ? "run" : "runs")} in {folders} {(folders == 1 ? "folder" : "folders")}: {string.Join(", ", parts)}";
    }

    /// <summary>A ratio to a bound, as in 0.13; empty if there is none.</summary>
    public static string Ratio(double? ratio) => ratio?.ToString("G2", CultureInfo.InvariantCulture) ?? "";

    // Of the recorded run itself, and of the last that stands beside it, which is nn.RNN.
    private static IEnumerable<string?> Explanations(IEnumerable<Result> failed) =>
        new[] { failed.First(), failed.Last() }.Select(r => r.Finding.Explanation).Distinct();

    private static IEnumerable<string> Row(Result r) =>
        [
            r.Check.Case,
            r.Check.Subject,
            (r.Fails ? "FAILED: " : "") + Name(r.Finding.Evidence) + (r.Finding.Doubt is null ? "" : ", doubtful"),
            Ratio(r.Finding.BoundRatio),
            Ratio(r.Finding.ProbableRatio),
            Ratio(r.Finding.WidestBound),
        ];

    private static string Name(Evidence evidence) => evidence.ToString().ToLowerInvariant();
}
