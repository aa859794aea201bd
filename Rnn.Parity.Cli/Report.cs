using System.Globalization;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Jobs;
using Rnn.Parity.Reporting;
using Spectre.Console;

namespace Rnn.Parity.Cli;

/// <summary>The tables that a person reads.</summary>
public sealed class Report(IAnsiConsole console, bool plain)
{
    /// <summary>Writes every table that has rows, then the explanations of what does not hold, then the count.</summary>
    public void Write(IReadOnlyList<Result> results, Surroundings where)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(where);
        Head(where);
        Parity(results.Where(r => r.Check.Section == Section.Parity).ToList());
        Exact(results.Where(r => r.Check.Section == Section.Exact).ToList());
        foreach (var explanation in results.Where(r => !r.Holds).Select(r => r.Finding.Explanation).OfType<string>())
            console.WriteLine("\n" + explanation);
        foreach (var doubt in results.Select(r => r.Finding.Doubt).OfType<string>())
            console.WriteLine("\ndoubtful: " + doubt);
        console.WriteLine("\n" + Count(results));
    }

    /// <summary>Writes the matrix: a row an option, then every difference, then the count.</summary>
    public void Write(MatrixRuns runs, Surroundings where)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(where);
        Head(where);
        var table = Table("Three implementations in both orders beside their references", MatrixReport.Columns);
        foreach (var row in MatrixReport.Rows(runs))
            table.AddRow([.. row]);
        console.Write(table);
        foreach (var difference in runs.Results.Where(r => !r.Identical))
            console.WriteLine(
                "\n"
                    + difference.Result.Finding.Explanation
                    + (difference.Result.Holds ? "\n  (both runs are certified)" : "")
            );
        foreach (var (dtype, count) in runs.LeftOut)
            console.WriteLine($"\nLeft out: {count} cases in {dtype}, which libtorch does not compute here.");
        var cases = MatrixCase.Count + runs.Rejected;
        console.WriteLine(
            $"\nThe gate rejected {runs.Rejected} of {cases} draws, which could not tell two RNNs apart."
        );
        console.WriteLine(MatrixReport.Count(runs.Results));
    }

    private void Head(Surroundings where) => console.WriteLine(where.ToString());

    private void Parity(List<Result> results)
    {
        if (results.Count == 0)
            return;
        var references = results.Select(r => r.Check.Reference).Distinct().ToList();
        var table = Table(
            "Implementations beside their references: output, h_n and every gradient",
            ["document", "case", "implementation", "device", .. references]
        );
        foreach (var row in results.GroupBy(r => (r.Check.Document, r.Check.Case, r.Check.Subject, r.Check.Device)))
            table.AddRow([
                row.Key.Document,
                row.Key.Case,
                row.Key.Subject,
                row.Key.Device,
                .. references.Select(reference => Word(row.FirstOrDefault(r => r.Check.Reference == reference))),
            ]);
        console.Write(table);
    }

    private void Exact(List<Result> results)
    {
        if (results.Count == 0)
            return;
        var table = Table(
            "Cases in which nothing rounds, beside integers of any length",
            ["by", "device", "what", "evidence"]
        );
        foreach (var r in results)
            table.AddRow(r.Check.Subject, r.Check.Device, r.Finding.Detail, Word(r));
        console.Write(table);
    }

    /// <summary>The last line: how many checks there were and what they established.</summary>
    public static string Count(IReadOnlyList<Result> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var kinds = results
            .Where(r => r.Holds)
            .GroupBy(r => r.Finding.Evidence)
            .OrderByDescending(g => g.Key)
            .Select(g => $"{g.Count()} {g.Key.ToString().ToLowerInvariant()}");
        var undecided = results.Count(r => r.IsUndecided);
        var parts = kinds
            .Concat(undecided > 0 ? [$"{undecided} undecided"] : [])
            .Append($"{results.Count(r => r.Fails)} failed");
        return $"{results.Count} checks: {string.Join(", ", parts)}";
    }

    private static string Word(Result? result) =>
        result switch
        {
            null => "",
            { Fails: true } => "FAILED: " + Name(result.Finding),
            _ => Name(result.Finding),
        };

    private static string Name(Finding finding)
    {
        var name = finding.Evidence.ToString().ToLowerInvariant();
        if (finding.BoundRatio is { } ratio)
            name += string.Create(CultureInfo.InvariantCulture, $", {ratio:G2} of the bound");
        if (finding.ProbableRatio is { } probable)
            name += string.Create(CultureInfo.InvariantCulture, $", {probable:G2} of the probabilistic one");
        if (finding.WidestBound is { } widest)
            name += string.Create(CultureInfo.InvariantCulture, $", which are at most {widest:G1} of the values");
        if (finding.Doubt is not null)
            name += ", doubtful";
        return name;
    }

    private Table Table(string title, IEnumerable<string> columns)
    {
        console.WriteLine("\n" + title);
        var table = new Table { Border = plain ? TableBorder.None : TableBorder.Rounded };
        return table.AddColumns([.. columns]);
    }
}
