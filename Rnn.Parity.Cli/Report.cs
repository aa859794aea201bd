using System.Globalization;
using Rnn.Parity.Html;
using Rnn.Parity.Jobs;
using Spectre.Console;

namespace Rnn.Parity.Cli;

internal sealed class Report(IAnsiConsole console, Page? page = null)
{
    public void Write(IReadOnlyList<Result> results, Surroundings where)
    {
        Line(where.ToString());
        Parity(results.Where(r => r.Check.Section == Section.Parity).ToList());
        Table(
            "\nInteger-valued cases, in which nothing rounds, checked against exact arithmetic",
            ["by", "device", "what", "evidence"],
            from r in results
            where r.Check.Section == Section.Exact
            select new[] { r.Check.Subject, r.Check.Device, r.Finding.Detail, Word(r) }
        );
        Explain(results);
        Remarks(results);
        Line($"\n{results.Count} checks: {Count(results)}");
    }

    public void Write(MatrixRuns runs, Surroundings where)
    {
        Line(where.ToString());
        Table(
            "\nThree implementations in both orders beside their references",
            MatrixReport.Columns,
            MatrixReport.Rows(runs)
        );
        List<Result> results = [.. runs.Results.Select(r => r.Result)];
        Explain(results);
        Remarks(results);
        foreach (var type in runs.Cases.GroupBy(c => c.Dtype).Where(type => !Dtypes.Computed.Contains(type.Key)))
            Line($"\nLeft out: {type.Count()} cases in {type.Key}, which libtorch does not compute here.");
        var (cases, rejected) = (runs.Cases.Count, runs.Cases.Sum(c => c.Rejections));
        Line($"\nThe gate rejected {rejected} of {cases + rejected} draws, which could not tell two RNNs apart.");
        Line($"{(cases == 1 ? "1 case" : $"{cases} cases")}, {results.Count} checks: {Count(results)}");
    }

    public void WriteRecorded(IReadOnlyList<Result> results)
    {
        Table(
            null,
            ["recorded", "run", "evidence"],
            results.Select(r => new[] { r.Check.Case, r.Check.Subject, Word(r) })
        );
        // Of the recorded run itself, and of the last that stands beside it, which is nn.RNN.
        foreach (var folder in results.Where(r => !r.Holds).GroupBy(r => r.Check.Case))
            Line(
                $"\n{folder.Key}\n{string.Join('\n', new[] { folder.First(), folder.Last() }.Select(r => r.Finding.Explanation).Distinct())}"
            );
        Remarks(results);
        if (results.Any(r => r.IsUndecided && r.Finding is { WidestBound: not null, Differing: 0 }))
            Line(
                "\nundecided: nothing contradicts the equation, and the bound is too wide to say that it holds. What decides it: record the states and adjoints of every layer, or fewer steps, or leave out the gradients."
            );
        var folders = results.Select(r => r.Check.Case).Distinct().Count();
        Line(
            $"\n{results.Count} {(results.Count == 1 ? "run" : "runs")} in {folders} {(folders == 1 ? "folder" : "folders")}: {Count(results)}"
        );
    }

    /// <summary>How many of each kind of evidence, the strongest first: 35 exact, 336 certified.</summary>
    internal static string Kinds(IEnumerable<Result> results) =>
        string.Join(
            ", ",
            results
                .GroupBy(r => r.Finding.Evidence)
                .OrderByDescending(kind => kind.Key)
                .Select(kind => $"{kind.Count()} {kind.Key.Word()}")
        );

    private static string Count(IReadOnlyList<Result> results)
    {
        var undecided = results.Count(r => r.IsUndecided);
        string[] parts =
        [
            Kinds(results.Where(r => r.Holds)),
            undecided > 0 ? $"{undecided} undecided" : "",
            $"{results.Count(r => r.Fails)} failed",
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    private void Parity(List<Result> results)
    {
        var references = results.Select(r => r.Check.Reference).Distinct().ToList();
        Table(
            "\nImplementations beside their references: output, h_n and every gradient",
            ["document", "case", "implementation", "device", .. references],
            from row in results.GroupBy(r => (r.Check.Document, r.Check.Case, r.Check.Subject, r.Check.Device))
            let cells = references.Select(reference => Word(row.FirstOrDefault(r => r.Check.Reference == reference)))
            select (string[])[row.Key.Document, row.Key.Case, row.Key.Subject, row.Key.Device, .. cells]
        );
    }

    private void Explain(IReadOnlyList<Result> results)
    {
        foreach (var explanation in results.Where(r => !r.Holds).Select(r => r.Finding.Explanation).OfType<string>())
            Line("\n" + explanation);
    }

    private void Remarks(IReadOnlyList<Result> results)
    {
        if (results.Any(r => r.Finding is { WidestBound: not null, Evidence: not Evidence.Differs }))
            Line("\nwidest bound: in parts of the largest value of its quantity; a mistake below it passes.");
        foreach (var error in results.Select(r => r.Finding.TanhError).Where(u => u > 0).Distinct())
            Line(
                $"\ntanh: bounds are wider by {error} u, absolutely, "
                    + (
                        error == TanhAccuracy.ByLogistic
                            ? "where the engine is ONNX Runtime, which evaluates tanh x as 2σ(2x) − 1."
                            : "where nn.RNN runs on cuda, whose kernel approximates tanh (docs/cuda.md)."
                    )
            );
        foreach (var doubt in results.Select(r => r.Finding.Doubt).OfType<string>().Distinct())
            Line("\ndoubtful: " + doubt);
    }

    private static string Word(Result? result)
    {
        if (result is not { Finding: var finding })
            return "";
        var word = (result.Fails ? "FAILED: " : "") + finding.Evidence.Word();
        if (finding.BoundRatio is { } ratio)
            word += $": largest error {Share(ratio)} what rounding allows";
        if (finding is { WidestBound: { } widest, Evidence: not Evidence.Differs })
            word += string.Create(CultureInfo.InvariantCulture, $" (widest bound {widest:G1})");
        return finding.Doubt is null ? word : word + ", doubtful";
    }

    // 4 % of, 12 times
    private static string Share(double ratio) =>
        ratio <= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * ratio:G2} % of")
            : string.Create(CultureInfo.InvariantCulture, $"{ratio:G3} times");

    private void Line(string text)
    {
        console.WriteLine(text);
        page?.Line(text);
    }

    private void Table(string? title, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        if (title is not null)
            console.WriteLine(title);
        var table = new Table { Border = console.Profile.Out.IsTerminal ? TableBorder.Rounded : TableBorder.None };
        table.AddColumns([.. columns]);
        foreach (var row in all)
            table.AddRow([.. row.Select(Markup.Escape)]);
        console.Write(table);
        page?.Table(title, columns, all);
    }
}
