using System.Xml.Linq;
using NUnit.Framework;
using Shouldly;

namespace Rnn.Parity.Tests.Build;

/// <summary>
/// The packages as a stranger has them: packed into a folder, added to a new test project, and README's own lines in it are
/// green; with a mistake they are red, and the mistake is named.
/// </summary>
[NonParallelizable]
public sealed class PackageTests
{
    private const string Bias = """ + get_parameter("bias_hh_l0")!""";

    private string root = "";

    [SetUp]
    public void Create() => root = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void Delete()
    {
        Directory.Delete(root, recursive: true);
        var packages =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var name in (string[])["rnn.scratch", "rnn.parity"])
            if (Path.Combine(packages, name, Version) is var unpacked && Directory.Exists(unpacked))
                Directory.Delete(unpacked, recursive: true);
    }

    [Test]
    [Long("packs the packages and tests in a new project that has them")]
    public void README_and_the_page_are_green_in_a_project_of_ones_own_and_README_is_red_with_a_mistake()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var code = Code(readme);
        code.ShouldContain(Bias);
        Pack();
        WriteProject();
        var page = Code(File.ReadAllText(Path.Combine(Repository.Root, "docs", "your-own-rnn.md")));
        File.WriteAllText(Path.Combine(Folder, "CourseRnnTests.cs"), page);

        var (status, output) = Test(code);
        status.ShouldBe(0, output);
        output.ShouldContain("Passed:     2");

        (status, output) = Test(code.Replace(Bias, "", StringComparison.Ordinal));
        status.ShouldBe(1, output);
        foreach (var line in readme.Split("it is red:\n\n```\n")[1].Split("\n```")[0].Split('\n'))
            output.ShouldContain(line);
    }

    // The first whole file of a page.
    private static string Code(string page) =>
        page.Split("\n```csharp\n")
            .First(part => part.StartsWith("using NUnit", StringComparison.Ordinal))
            .Split("\n```")[0];

    private void Pack()
    {
        foreach (var project in (string[])["Rnn.Scratch", "Rnn.Parity"])
        {
            var (status, output) = Dotnet(
                Repository.Root,
                "pack",
                Path.Combine(project, project + ".csproj"),
                "-c",
                "Release",
                "-o",
                Path.Combine(root, "feed"),
                "--artifacts-path",
                Path.Combine(root, "built"),
                // of its own, so that no folder of packages has it from before
                "-p:Version=" + Version
            );
            status.ShouldBe(0, output);
        }
    }

    private string Version => "0.0.0-" + Path.GetFileName(root).ToLowerInvariant();

    // TorchSharp-cpu and the test framework are the stranger's choice.
    private void WriteProject()
    {
        var versions = XDocument
            .Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value);
        var torchSharp = typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3);
        string[] packages = ["TorchSharp-cpu", "NUnit", "NUnit3TestAdapter", "Microsoft.NET.Test.Sdk"];
        var references = packages.Select(p => (p, p == "TorchSharp-cpu" ? torchSharp : versions[p]));
        var project = new XElement(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement(
                "PropertyGroup",
                new XElement("TargetFramework", "net10.0"),
                new XElement("ImplicitUsings", "enable"),
                new XElement("Nullable", "enable")
            ),
            new XElement(
                "ItemGroup",
                references
                    .Append(("Rnn.Parity", Version))
                    .Select(r => new XElement(
                        "PackageReference",
                        new XAttribute("Include", r.Item1),
                        new XAttribute("Version", r.Item2)
                    ))
            )
        );
        project.Save(Path.Combine(Folder, "mine.csproj"));
        File.WriteAllText(
            Path.Combine(Folder, "nuget.config"),
            $"""<configuration><packageSources><add key="packed" value="{root}/feed" /></packageSources></configuration>"""
        );
    }

    private string Folder => Directory.CreateDirectory(Path.Combine(root, "mine")).FullName;

    private (int status, string output) Test(string code)
    {
        File.WriteAllText(Path.Combine(Folder, "MyRnnTests.cs"), code);
        return Dotnet(Folder, "test");
    }

    private static (int status, string output) Dotnet(string folder, params string[] arguments)
    {
        var (status, output, errors) = Command.Run("dotnet", arguments, folder);
        return (status, output + errors);
    }
}
