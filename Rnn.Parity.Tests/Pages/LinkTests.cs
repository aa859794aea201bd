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
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        var links = Link()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))
            .Select(m => m.Groups[1].Value);
        links
            .Where(link => !link.Contains("://", StringComparison.Ordinal))
            .Where(link => !Path.Exists(Path.Combine(folder, link)))
            .ShouldBeEmpty(page);
    }

    private static IEnumerable<string> Pages() =>
        ((string[])["", "docs", "fixtures", "lessons"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file));

    [GeneratedRegex(@"\]\(([^)#]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
