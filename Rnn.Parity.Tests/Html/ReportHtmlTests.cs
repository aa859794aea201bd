using System.Xml;
using System.Xml.Linq;
using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Cli;
using Rnn.Parity.Jobs;
using Rnn.Parity.Tests.Folders;
using Rnn.Parity.Tests.Mutants;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Html;

/// <summary>The report as a page: well-formed, complete, escaped, from one file.</summary>
public sealed class ReportHtmlTests
{
    private string folder = "";

    private string Page => Path.Combine(folder, "report.html");

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Each_case_has_charts_with_a_text_and_a_table()
    {
        var (status, output, errors) = Run("--filter", "004-");
        errors.ShouldBeEmpty();
        status.ShouldBe(0, output);
        output.ShouldContain($"report: {Page}");
        var page = Read();
        var sections = page.Descendants("section").ToList();
        sections
            .Select(s => s.Element("h2")!.Value)
            .ShouldBe(["004-unbatched", "004-cell", "004-two-layers", "Training", "Wrong RNNs, and what finds them"]);
        sections[4].Descendants("p").Single().Value.ShouldMatch("^[0-9]+ mutants: .* 0 alive\\.$");
        sections[4].Descendants("tbody").Single().Elements().Count().ShouldBeGreaterThan(83);
        sections[3].Descendants("figcaption").Single().Value.ShouldEndWith("Identical in 40 of 40 steps.");
        var losses = sections[3]
            .Descendants("tbody")
            .Single()
            .Elements()
            .Select(r => (double)r.Elements().ElementAt(1));
        losses.Last().ShouldBeLessThan(losses.First());
        foreach (var section in sections[..3])
        {
            var captions = section.Descendants("figcaption").Select(c => c.Value).ToList();
            captions.Count.ShouldBe(2);
            captions[0].ShouldContain("units 0, 1, 2 of 20. Lines with dots: ParameterRnn; open marks: nn.RNN.");
            captions[1].ShouldStartWith("At each step, the state whose error");
        }
        page.Descendants("figure").ShouldAllBe(figure => IsComplete(figure));
    }

    [Test]
    public void It_says_what_the_console_says()
    {
        var (_, output, _) = Run("--case", "004-cell");
        var page = Read();
        var said = page.Descendants()
            .Where(e => e.Name.LocalName is "td" or "th" or "h2" or "pre" or "p")
            .Select(e => e.Value)
            .ToHashSet();
        var rows = page.Descendants("div")
            .First(d => (string?)d.Attribute("class") == "report")
            .Descendants("tr")
            .ToList();
        rows.Count.ShouldBe(5);
        foreach (var row in rows)
            output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(Words)
                .ShouldContain(Words(string.Join(' ', row.Elements().Select(c => c.Value))));
        var lines = output
            .Split('\n')
            .Where(l => l.StartsWith("libtorch", StringComparison.Ordinal) || l.Contains(" checks: "))
            .ToList();
        lines.Count.ShouldBe(2);
        lines.ShouldBeSubsetOf(said);
        said.ShouldContain("Implementations beside their references: output, h_n and every gradient");

        static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Test]
    public void The_place_of_a_planted_difference_is_shown()
    {
        using var output = new StringWriter();
        var mutant = Catalogue.Mutants.Single(m => m.Name == "weight-hh-transposed");
        var c = new RnnCase("planted", "W_hh is first used at step 1", 6, 2, new(3, 5)) { WithoutInitialState = true };
        new CommandLine(output, Page) { Plan = _ => [ParityJob.Check(mutant.Rnn, RnnFactory.RnnCell, c, CPU)] }
            .Run("cpu", null, null, Path.Combine(folder, "parity.csv"))
            .ShouldBe(1);
        const string Began = "layer 0, forward, step 1, row 0, unit 0";
        output.ToString().ShouldContain($"began in {Began}: the term W_hh h has W_hh transposed: another function");
        var section = Read().Descendants("section").First();
        section.Descendants("pre").Single().Value.ShouldContain($"began in {Began}: the term W_hh h has W_hh");
        var figures = section.Descendants("figure").ToList();
        figures.Select(f => f.Element("figcaption")!.Value[..10]).ShouldBe(["|weight-hh", "h in layer"]);
        figures.ShouldAllBe(figure => IsComplete(figure));
        figures[0].Element("figcaption")!.Value.ShouldEndWith($"The frame: where it began, {Began}.");
        var differences = figures[0].Descendants("tbody").Single().Elements().ToList();
        differences.Count.ShouldBe(6);
        differences[0].Value.ShouldBe("000000", "step 0, and no difference in five units");
        differences[1].Elements().Skip(1).ShouldAllBe(cell => cell.Value != "0");
        figures[1].Element("figcaption")!.Value.ShouldContain("unit 0 of 5");
    }

    [TestCase(1, 5)]
    [TestCase(6, 1)]
    public void A_difference_of_one_step_or_unit_is_drawn(int T, int H)
    {
        var mutant = Catalogue.Mutants.Single(m => m.Name == "nonlinearity-sigmoid");
        var c = new RnnCase("planted", "small", T, 2, new(3, H)) { Degenerate = true };
        new CommandLine(TextWriter.Null, Page) { Plan = _ => [ParityJob.Check(mutant.Rnn, RnnFactory.RnnCell, c, CPU)] }
            .Run("cpu", null, null, Path.Combine(folder, "parity.csv"))
            .ShouldBe(1);
        var figures = Read().Descendants("section").First().Descendants("figure").ToList();
        figures.Count.ShouldBe(2);
        figures.ShouldAllBe(figure => IsComplete(figure));
    }

    [Test]
    [Long("a page of every wrong RNN in three cases, and of states that are no numbers")]
    public void Every_wrong_RNN_has_its_page()
    {
        RnnCase[] cases =
        [
            MatrixCase.Find("m1-0034")!, // three layers, both directions, with biases
            MatrixCase.Find("m1-1200")!, // unbatched
            new("long", "more steps and units than are shown", 150, 1, new(2, 40)),
        ];
        RnnFactory Planted(string name, double factor) =>
            new(name, o => new PlantedRnn(o, new(s => s.I == 2 ? s.Right().Times(factor) : s.Right())));
        RnnFactory[] wrong =
        [
            .. Catalogue.Mutants.Select(m => m.Rnn),
            Planted("not a number", double.NaN),
            Planted("infinite", double.PositiveInfinity),
        ];
        foreach (var c in cases)
        {
            new CommandLine(TextWriter.Null, Page)
            {
                Plan = _ => [.. wrong.Select(mine => ParityJob.Check(mine, RnnFactory.RnnCell, c, CPU))],
            }
                .Run("cpu", null, null, Path.Combine(folder, "parity.csv"))
                .ShouldBe(1);
            var figures = Read().Descendants("figure").ToList();
            figures.Count.ShouldBeGreaterThan(wrong.Length);
            figures.ShouldAllBe(figure => IsComplete(figure));
        }
    }

    [Test]
    public void Names_of_folders_are_escaped()
    {
        const string Name = "<img src=x onerror=alert(1)>&amp;\"'\u0001";
        var run = Path.Combine(folder, Name);
        StrangersFolder.Write(run, exact: false);
        var (status, output, errors) = ParityProcess.Within(
            "verify",
            run,
            "--report",
            Page,
            "--certificate",
            Path.Combine(folder, "verify.csv")
        );
        errors.ShouldBeEmpty();
        status.ShouldBe(0, output);
        var page = Read();
        page.Descendants("img").ShouldBeEmpty();
        var (heading, cell) = (
            page.Descendants("section").Single().Element("h2")!.Value,
            page.Descendants("td").First()
        );
        heading.ShouldEndWith(Name.Replace('\u0001', '\uFFFD'));
        cell.Value.ShouldBe(heading);
        page.Descendants("figure").Count().ShouldBe(2);
    }

    [Test]
    public void It_is_one_file()
    {
        Run("--case", "004-cell").status.ShouldBe(0);
        var page = Read();
        page.Descendants().Attributes("src").ShouldBeEmpty();
        page.Descendants("link").ShouldBeEmpty();
        var links = page.Descendants()
            .Attributes()
            .Where(a => a.Name.LocalName == "href")
            .Select(a => a.Value)
            .ToList();
        links.ShouldNotBeEmpty();
        links.ShouldAllBe(link => link.StartsWith('#'));
        links.Select(link => link[1..]).ShouldBeSubsetOf(page.Descendants().Attributes("id").Select(a => a.Value));
        foreach (var word in (string[])["url(", "@import", "fetch(", "rgb("])
            File.ReadAllText(Page).ShouldNotContain(word);
        Directory.GetFiles(folder).Length.ShouldBe(2);
    }

    [TestCase("--all has a table of options alone: --report has no place beside it.", "--all", "--report", "x.html")]
    [TestCase("--report is x, the certificate's; another place", "--report", "x", "--certificate", "x")]
    [TestCase("--report is x, the certificate's;", "verify", "y", "--report", "x", "--certificate", "x")]
    public void A_mistake_is_one_sentence(string sentence, params string[] arguments)
    {
        var (status, _, errors) = ParityProcess.Within(arguments);
        status.ShouldBe(2);
        errors.ShouldStartWith(sentence);
    }

    [Test]
    public void A_report_that_cannot_be_written_is_a_sentence()
    {
        File.WriteAllText(Path.Combine(folder, "report.html"), "");
        var certificate = Path.Combine(folder, "parity.csv");
        foreach (var bad in (string[])["", folder, Path.Combine(Page, "below")])
        {
            var (status, _, errors) = ParityProcess.Within(
                "--case",
                "000-one-neuron",
                "--report",
                bad,
                "--certificate",
                certificate
            );
            status.ShouldBe(2);
            errors.Trim().ShouldNotContain('\n');
            errors.ShouldContain(bad.Length == 0 ? "the path of the file to be written is empty" : bad);
        }
    }

    [Test]
    public void A_report_in_the_place_of_what_is_verified()
    {
        var run = Path.Combine(folder, "run");
        StrangersFolder.Write(run, exact: true);
        var file = Path.Combine(run, "case.csv");
        var (status, _, errors) = ParityProcess.Within("verify", run, "--report", file);
        status.ShouldBe(2);
        errors.ShouldStartWith($"{file} cannot be written: it is there, and is no report;");
        var page = Path.Combine(run, "page.html");
        File.WriteAllText(page, "<!DOCTYPE html>\n<html><title>somebody's</title></html>\n");
        ParityProcess.Within("verify", run, "--report", page).errors.ShouldContain("it is there, and is no report;");
    }

    private static bool IsComplete(XElement figure)
    {
        var svg = figure.Elements().First();
        return svg.Name == XName.Get("svg", "http://www.w3.org/2000/svg")
            && (string?)svg.Attribute("role") == "img"
            && (string?)svg.Attribute("aria-label") == figure.Element("figcaption")!.Value
            && !svg.ToString().Contains("NaN", StringComparison.Ordinal)
            && figure.Element("details")!.Descendants("tbody").Single().HasElements;
    }

    private (int status, string output, string errors) Run(params string[] arguments) =>
        ParityProcess.Within([.. arguments, "--report", Page, "--certificate", Path.Combine(folder, "parity.csv")]);

    private XElement Read()
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore };
        using var reader = XmlReader.Create(Page, settings);
        return XElement.Load(reader);
    }
}
