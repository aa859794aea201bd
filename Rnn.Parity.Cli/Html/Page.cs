using System.Xml.Linq;
using static Rnn.Parity.Html.Elements;

namespace Rnn.Parity.Html;

/// <summary>A report as one page of HTML that needs nothing from elsewhere; it is well-formed XML as well.</summary>
internal sealed class Page(string path)
{
    public const string Beginning = "<!DOCTYPE html>\n<!-- A report of RnnParity -->";

    private readonly List<XElement> report = [];
    private readonly List<XElement> cases = [];
    private readonly List<string> explained = [];
    private readonly Dictionary<string, string> places = [];
    private string summary = "";

    /// <summary>Takes a line or several; the last one of the report is its summary. What stands beside a picture is left out.</summary>
    public void Line(string text)
    {
        summary = text.Trim();
        if (!explained.Exists(summary.Contains))
            report.Add(E("pre", summary));
    }

    public void Table(string? title, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (title is not null)
            report.Add(E("h2", title.Trim()));
        report.Add(Scrolling(title?.Trim() ?? "The runs", columns, rows, Linked));
    }

    /// <summary>Draws the states of the checks that have some, case by case, while their tensors live.</summary>
    public void Add(IReadOnlyList<Result> results)
    {
        using var precision = new FullPrecision();
        var drawn = results.Where(r => r.Check.Sides is not null);
        foreach (var group in drawn.GroupBy(r => (r.Check.Case, r.Check.Device)))
        {
            var id = $"case-{cases.Count}";
            places.TryAdd(group.Key.Case, id);
            var failing = group.Any(r => !r.Holds);
            Section(
                id,
                group.Key.Device == "cpu" ? group.Key.Case : $"{group.Key.Case}, {group.Key.Device}",
                group.Select((r, i) => Drawn(r, failing ? !r.Holds : i == 0))
            );
        }
    }

    public void AddTraining(RnnFactory mine) => Section("training", "Training", [Of(TrainingFigure.Of(mine))]);

    /// <summary>What the tests make of wrong RNNs, from docs/mutants.md.</summary>
    public void AddMutants()
    {
        var lines = Resource("mutants.md").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        List<string[]> rows = [.. lines.Where(line => line.StartsWith('|')).Select(line => line[2..^2].Split(" | "))];
        Section(
            "mutants",
            "Wrong RNNs, and what finds them",
            [
                E(
                    "div",
                    new XAttribute("class", "wide"),
                    E("p", lines[^1]),
                    E("details", E("summary", "All of them"), Scrolling("Wrong RNNs", rows[0], rows[2..]))
                ),
            ]
        );
    }

    public void Write()
    {
        var page = E(
            "html",
            new XAttribute("lang", "en"),
            E(
                "head",
                XElement.Parse("""<meta charset="utf-8" />"""),
                XElement.Parse("""<meta name="viewport" content="width=device-width, initial-scale=1" />"""),
                E("title", $"RnnParity: {summary}"),
                E("style", Resource("page.css"))
            ),
            E(
                "body",
                E("h1", "RnnParity"),
                E("p", new XAttribute("class", "summary"), summary),
                XElement.Parse(
                    """<p id="filtering" hidden=""><label>Show only rows that contain <input id="filter" type="search" /></label><output for="filter" id="shown"></output></p>"""
                ),
                E("main", E("div", new XAttribute("class", "report"), report.SkipLast(1)), cases),
                E("script", Resource("page.js"))
            )
        );
        AtomicFile.Write(path, $"{Beginning}\n{page.ToString(SaveOptions.DisableFormatting)}\n");
    }

    private void Section(string id, string title, IEnumerable<XElement?> figures) =>
        cases.Add(
            E(
                "section",
                new XAttribute("id", id),
                E("h2", title),
                E("div", new XAttribute("class", "figures"), figures)
            )
        );

    // The states where they are wanted, and their bounds where these are the evidence.
    private XElement? Drawn(Result result, bool states)
    {
        var bounded = result.Finding.Evidence is Evidence.Certified or Evidence.Undecided;
        if (!states && !bounded)
            return null;
        var check = result.Check;
        var drawn = E("div", E("h3", $"{check.Subject} beside {check.Reference}"));
        if (!result.Holds && result.Finding.Explanation is { } explanation)
        {
            explained.Add(explanation);
            drawn.Add(E("pre", explanation));
        }
        try
        {
            var figures = new Figures(check.Sides!());
            Figure?[] some =
            [
                states && !result.Holds ? figures.Differences() : null,
                states ? figures.States() : null,
                bounded ? figures.Errors() : null,
            ];
            var all = some.OfType<Figure>().Select(Of).ToList();
            drawn.Add(
                new XAttribute("class", all.Count > 1 ? "wide" : ""),
                E("div", new XAttribute("class", "figures"), all)
            );
        }
        catch (RunException e)
        {
            if (!drawn.Value.Contains(e.Message, StringComparison.Ordinal))
                drawn.Add(E("p", $"Not drawn: {e.Message}"));
        }
        return drawn;
    }

    private static XElement Of(Figure figure)
    {
        figure.Chart.SetAttributeValue("aria-label", Clean(figure.Caption));
        return E(
            "figure",
            figure.Chart,
            E("figcaption", figure.Caption),
            E("details", E("summary", "The numbers"), Scrolling("The numbers", figure.Columns, figure.Rows))
        );
    }

    private object Linked(string text) =>
        places.TryGetValue(text, out var id) ? E("a", new XAttribute("href", $"#{id}"), text)
        : text.StartsWith("FAILED", StringComparison.Ordinal) ? E("strong", text)
        : text;
}
