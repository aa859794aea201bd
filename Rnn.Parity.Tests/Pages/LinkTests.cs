using System.Text.RegularExpressions;
using NUnit.Framework;
using Shouldly;

namespace Rnn.Parity.Tests.Pages;

/// <summary>Every page leads to what is there.</summary>
public sealed partial class LinkTests
{
    [TestCaseSource(nameof(Pages))]
    public void Every_relative_link_leads_somewhere(string page)
    {
        var file = Path.Combine(Repository.Root, page);
        Links(file)
            .Where(link => !link.Contains("://", StringComparison.Ordinal))
            .Where(link => !Leads(file, link.Split('#')))
            .ShouldBeEmpty(page);
    }

    [Test]
    public void A_link_that_leads_nowhere_is_found()
    {
        var readme = Path.Combine(Repository.Root, "README.md");
        var links = Links(readme).ToList();
        links.ShouldContain("docs/certified.md");
        links.ShouldContain("#how-to-read-a-failure");
        Leads(readme, ["docs/certify.md"]).ShouldBeFalse();
        Leads(readme, ["", "how-to-read-a-success"]).ShouldBeFalse();
    }

    private static IEnumerable<string> Links(string file) =>
        Link().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value);

    private static bool Leads(string file, string[] link)
    {
        var target = link[0].Length == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, link[0]);
        return Path.Exists(target)
            && (link.Length == 1 || Heading().Matches(File.ReadAllText(target)).Any(m => Anchor(m) == link[1]));
    }

    // as GitHub makes it
    private static string Anchor(Match heading) =>
        NoPartOfAnAnchor().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static IEnumerable<string> Pages() =>
        ((string[])["", "docs", "fixtures", "lessons"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file));

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w -]")]
    private static partial Regex NoPartOfAnAnchor();
}
