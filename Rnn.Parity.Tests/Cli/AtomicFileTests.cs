using NUnit.Framework;
using Rnn.Parity.Machine;
using Shouldly;

namespace Rnn.Parity.Tests.Cli;

/// <summary>What is written is there whole or not at all, and replaces nothing but a file.</summary>
public sealed class AtomicFileTests
{
    private string folder = "";

    private string Target => Path.Combine(folder, "new", "table.csv");

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_write_that_fails_leaves_what_was_there()
    {
        AtomicFile.Write(Target, "old");
        Should.Throw<NotSupportedException>(() =>
            AtomicFile.Write(
                Target,
                writer =>
                {
                    writer.Write("half");
                    throw new NotSupportedException();
                }
            )
        );
        File.ReadAllText(Target).ShouldBe("old");
        Directory.GetFileSystemEntries(Path.GetDirectoryName(Target)!).ShouldBe([Target]);
    }

    [Test]
    public void Whether_it_could_be_written_is_found_out_without_a_trace()
    {
        AtomicFile.Check(Target);
        Directory.GetFileSystemEntries(Path.GetDirectoryName(Target)!).ShouldBeEmpty();
        AtomicFile.Write(Target, "old");
        AtomicFile.Check(Target);
        File.ReadAllText(Target).ShouldBe("old");
        Should
            .Throw<IOException>(() => AtomicFile.Check(Path.Combine(Target, "below")))
            .Message.ShouldStartWith($"{Path.Combine(Target, "below")} cannot be written: ");
    }

    [Test]
    public void A_link_is_followed()
    {
        AtomicFile.Write(Target, "old");
        var link = Path.Combine(folder, "link");
        File.CreateSymbolicLink(link, Target);
        AtomicFile.Write(link, "new");
        File.ReadAllText(Target).ShouldBe("new");
        new FileInfo(link).LinkTarget.ShouldBe(Target);
    }

    [Test]
    public void A_device_remains_one()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("/dev/null is a device of Unix");
        var link = Path.Combine(folder, "null");
        File.CreateSymbolicLink(link, "/dev/null");
        AtomicFile.Write(link, "text");
        File.ReadAllText("/dev/null").ShouldBeEmpty();
    }

    [Test]
    public void A_folder_and_nothing_are_refused_in_a_sentence()
    {
        Should
            .Throw<IOException>(() => AtomicFile.Write(folder, "text"))
            .Message.ShouldBe($"{folder} is a folder, the path of a file is expected");
        Should
            .Throw<IOException>(() => AtomicFile.Write("", "text"))
            .Message.ShouldBe("the path of the file to be written is empty");
    }

    [Test]
    public void What_the_system_refuses_names_the_path_that_was_given()
    {
        AtomicFile.Write(Target, "a file, where a folder is needed");
        var beneath = Path.Combine(Target, "table.csv");
        Should
            .Throw<IOException>(() => AtomicFile.Write(beneath, "text"))
            .Message.ShouldStartWith($"{beneath} cannot be written: ");
    }
}
