using Microsoft.Playwright;
using NUnit.Framework;
using Shouldly;

namespace Rnn.Parity.Tests.Html;

/// <summary>The report in Chromium: CHROME_PATH, or chromium on the PATH.</summary>
[Category("Browser")]
[Long("opens the report in a browser")]
[NonParallelizable]
public sealed class ReportHtmlBrowserTests
{
    private string folder = "";
    private IPlaywright? playwright;
    private IBrowser? browser;

    [OneTimeSetUp]
    public async Task Start()
    {
        var chromium = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, "chromium"))
            .Prepend(Environment.GetEnvironmentVariable("CHROME_PATH"))
            .FirstOrDefault(File.Exists);
        if (chromium is null)
            Assert.Ignore("no Chromium: CHROME_PATH names none, and chromium is not on the PATH");
        folder = Directory.CreateTempSubdirectory().FullName;
        var certificate = Path.Combine(folder, "parity.csv");
        ParityProcess
            .Within("--filter", "004-", "--report", Path.Combine(folder, "report.html"), "--certificate", certificate)
            .status.ShouldBe(0);
        playwright = await Playwright.CreateAsync();
        // root may not use the sandbox
        browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = chromium, Args = Environment.UserName == "root" ? ["--no-sandbox"] : [] }
        );
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (folder.Length > 0)
            Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Every_chart_is_seen_and_nothing_scrolls_sideways(
        [Values(360, 1200)] int width,
        [Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme scheme
    )
    {
        var (page, complaints) = await Open(width, scheme);
        var charts = await page.Locator("figure svg").AllAsync();
        charts.Count.ShouldBe(7);
        foreach (var chart in charts)
        {
            await chart.ScrollIntoViewIfNeededAsync();
            var box = (await chart.BoundingBoxAsync())!;
            box.X.ShouldBeGreaterThanOrEqualTo(0);
            (box.X + box.Width).ShouldBeLessThanOrEqualTo(width);
            box.Height.ShouldBeGreaterThan(150);
        }
        // a colour of the page's own, not the black of a name that is not known
        (
            await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('figure ellipse')).stroke")
        ).ShouldBe(scheme == ColorScheme.Light ? "rgb(0, 114, 178)" : "rgb(86, 180, 233)");
        foreach (var numbers in await page.Locator("summary").AllAsync())
            await numbers.ClickAsync();
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
        complaints.ShouldBeEmpty();
    }

    [Test]
    public async Task Rows_are_chosen_by_keyboard()
    {
        var (page, complaints) = await Open(1200, ColorScheme.Light);
        var rows = page.Locator(".report tbody tr:visible");
        var all = await rows.CountAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("StepLoop CELL");
        (await rows.CountAsync()).ShouldBe(1);
        (await rows.First.InnerTextAsync()).ShouldContain("StepLoopRnn");
        (await page.Locator("#shown").InnerTextAsync()).ShouldBe($"1 of {all} rows");
        await page.Keyboard.PressAsync("Escape");
        (await rows.CountAsync()).ShouldBe(all);
        complaints.ShouldBeEmpty();
    }

    private async Task<(IPage page, List<string> complaints)> Open(int width, ColorScheme scheme)
    {
        var page = await browser!.NewPageAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 800 },
                ColorScheme = scheme,
            }
        );
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal))
                complaints.Add(request.Url);
        };
        await page.GotoAsync(new Uri(Path.Combine(folder, "report.html")).AbsoluteUri);
        return (page, complaints);
    }
}
