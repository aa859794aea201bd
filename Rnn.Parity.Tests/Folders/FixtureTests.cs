using NUnit.Framework;
using Rnn.Parity.Folders;
using Shouldly;

namespace Rnn.Parity.Tests.Folders;

/// <summary>The fixtures are what the manifest says, and a change is named.</summary>
public sealed class FixtureTests
{
    private string copy = "";

    [OneTimeSetUp]
    public void Create() => copy = Directory.CreateTempSubdirectory().FullName;

    // The files are copied once; then what the last test changed, removed or added.
    [SetUp]
    public void Copy()
    {
        var there = Files(SpoiltFolder.Fixtures);
        foreach (var name in Files(copy).Keys.Except(there.Keys))
            File.Delete(Path.Combine(copy, name));
        foreach (var (name, file) in there)
        {
            var target = new FileInfo(Path.Combine(copy, name));
            if (target.Exists && target.Length == file.Length)
                continue;
            target.Directory!.Create();
            file.CopyTo(target.FullName, overwrite: true);
        }
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(copy, recursive: true);

    [Test]
    public void Every_fixture_is_what_the_manifest_says([Values("", "/")] string end) =>
        Manifest.Check(SpoiltFolder.Fixtures + end).ShouldBeEmpty();

    [Test]
    public void A_changed_file_is_named()
    {
        File.AppendAllText(Path.Combine(copy, "documents", "003.csv"), "w_e,4,0,0.0000\n");
        Manifest
            .Check(copy)
            .ShouldHaveSingleItem()
            .ShouldStartWith("fixtures/documents/003.csv has changed, its SHA-256 is");
    }

    [Test]
    public void A_missing_file_is_named()
    {
        File.Delete(Path.Combine(copy, "documents", "001.csv"));
        Manifest.Check(copy).ShouldHaveSingleItem().ShouldStartWith("fixtures/documents/001.csv is missing");
    }

    [Test]
    public void A_file_that_is_not_listed_is_named()
    {
        File.WriteAllText(Path.Combine(copy, "documents", "005.csv"), "tensor,i,j,value\n");
        Manifest
            .Check(copy)
            .ShouldHaveSingleItem()
            .ShouldBe("fixtures/documents/005.csv is not listed in fixtures/manifest.csv");
    }

    [Test]
    public void A_missing_manifest_is_named()
    {
        File.Delete(Path.Combine(copy, "manifest.csv"));
        Should
            .Throw<FixtureException>(() => Manifest.Check(copy))
            .Message.ShouldBe($"{Path.Combine(copy, "manifest.csv")}: the file is missing");
    }

    [TestCase("../case.csv", "../case.csv lies outside the folder of the fixtures")]
    [TestCase("/etc/passwd", "/etc/passwd lies outside the folder of the fixtures")]
    [TestCase("documents/001.csv", "documents/001.csv is there twice")]
    public void A_manifest_lists_what_lies_beside_it_once(string file, string sentence)
    {
        var manifest = Path.Combine(copy, "manifest.csv");
        var rows = File.ReadAllLines(manifest).Length;
        File.AppendAllText(manifest, $"{file},0,,,,,,\n");
        Should
            .Throw<FixtureException>(() => Manifest.Check(copy))
            .Message.ShouldBe($"{manifest}, row {rows + 1}: {sentence}");
    }

    [Test]
    public void A_generated_file_is_named_with_what_makes_it()
    {
        File.Delete(Path.Combine(copy, "testimonies", "tfjs", "wide-relu-float32.csv"));
        Manifest
            .Check(copy)
            .ShouldHaveSingleItem()
            .ShouldBe(
                "fixtures/testimonies/tfjs/wide-relu-float32.csv is missing: scripts/witnesses/tfjs.mjs makes it; restore it from the repository, or see scripts/regenerate-fixtures.sh"
            );
    }

    private static Dictionary<string, FileInfo> Files(string folder) =>
        new DirectoryInfo(folder)
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file.FullName));
}
