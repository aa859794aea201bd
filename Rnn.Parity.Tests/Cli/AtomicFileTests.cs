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
        AtomicFile.Check(Target, "text", "old");
        Directory.GetFileSystemEntries(folder).ShouldBeEmpty();
        AtomicFile.Write(Target, "older");
        AtomicFile.Check(Target, "text", "old");
        Refused(Target, "new", "it is there, and is no text; another place is expected");
        Refused(Target, "oldest", "it is there, and is no text; another place is expected");
        Refused(Path.Combine(Target, "below"), "old", $"{AtomicFile.Real(Target)} is a file, a folder is expected");
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ShouldBe([Target]);
        File.ReadAllText(Target).ShouldBe("older");

        static void Refused(string path, string beginning, string why) =>
            Should
                .Throw<IOException>(() => AtomicFile.Check(path, "text", beginning))
                .Message.ShouldStartWith($"{path} cannot be written: {why}");
    }

    [Test]
    public void Of_several_that_write_at_once_one_is_there_whole()
    {
        var texts = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 1 << 16)).ToList();
        AtomicFile.Write(Target, "aa");
        Parallel.ForEach(
            Enumerable.Range(0, 40),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i =>
            {
                AtomicFile.Check(Target, "text", "");
                AtomicFile.Write(Target, texts[i % texts.Count]);
            }
        );
        texts.ShouldContain(File.ReadAllText(Target));
        Directory.GetFileSystemEntries(Path.GetDirectoryName(Target)!).ShouldBe([Target]);
    }

    [Test]
    public void A_name_may_be_as_long_as_the_system_has_it()
    {
        var longest = Path.Combine(folder, new string('n', OperatingSystem.IsWindows() ? 100 : 255));
        AtomicFile.Check(longest, "text", "");
        AtomicFile.Write(longest, "text");
        File.ReadAllText(longest).ShouldBe("text");
    }

    [Test]
    public void A_path_is_without_links_at_any_place()
    {
        AtomicFile.Write(Target, "old");
        Directory.CreateSymbolicLink(Path.Combine(folder, "here"), folder);
        File.CreateSymbolicLink(Path.Combine(folder, "link"), Path.Combine("new", "table.csv"));
        File.CreateSymbolicLink(Path.Combine(folder, "nowhere"), "absent");
        AtomicFile.Real(Path.Combine(folder, "here", "here", "link")).ShouldBe(AtomicFile.Real(Target));
        AtomicFile.Target(Path.Combine(folder, "nowhere")).ShouldBe(AtomicFile.Real(Path.Combine(folder, "absent")));
        // as from the folder in which it stands
        var from = Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.Combine(folder, "link"));
        AtomicFile.Target(from).ShouldBe(AtomicFile.Real(Target));
    }

    [Test]
    public void Links_that_lead_to_each_other_are_refused_in_a_sentence()
    {
        var link = Path.Combine(folder, "a");
        File.CreateSymbolicLink(link, Path.Combine("a", "x"));
        Should
            .Throw<IOException>(() => AtomicFile.Target(link))
            .Message.ShouldEndWith(" leads from link to link without end");
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
    public void What_was_empty_is_empty_again_if_the_write_fails()
    {
        var file = Path.Combine(folder, "empty");
        File.WriteAllText(file, "");
        Should.Throw<IOException>(() =>
            AtomicFile.Write(
                file,
                writer =>
                {
                    writer.Write(new string('a', 1 << 16));
                    throw new IOException("no space left");
                }
            )
        );
        File.ReadAllText(file).ShouldBeEmpty();
    }

    [TestCase("/dev/stdout")]
    [TestCase("/dev/fd/1")]
    public void Where_the_program_prints_nothing_is_written(string path) =>
        Should.Throw<IOException>(() => AtomicFile.Target(path)).Message.ShouldContain(" is where the program prints");

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
