using System.Diagnostics;
using System.Runtime.Versioning;
using NUnit.Framework;
using Rnn.Parity.Folders;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Folders;

// The files themselves: where they are, how they are encoded, and who may read them.
public sealed partial class BadFixtureTests
{
    [Test]
    public void A_missing_folder() =>
        Should
            .Throw<FixtureException>(() => CaseFolder.Read(folders.Case + "2"))
            .Message.ShouldBe(folders.Case + "2: the folder is missing");

    [Test]
    public void A_missing_file()
    {
        File.Delete(folders.Tensors);
        Refused(folders.Tensors + ": the file is missing");
        Directory.CreateDirectory(folders.Tensors);
        Refused(folders.Tensors + ": is a folder, a file is expected");
    }

    [Test]
    public void An_empty_file()
    {
        File.WriteAllText(folders.Tensors, "");
        Refused(folders.Tensors + ": is empty, the columns tensor,i,j,k,value are expected");
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void A_pipe_is_not_waited_for()
    {
        File.Delete(folders.Tensors);
        using (var mkfifo = Process.Start("mkfifo", folders.Tensors))
            mkfifo.WaitForExit();
        Refused(folders.Tensors + ": is empty, the columns tensor,i,j,k,value are expected");
    }

    [Test]
    public void A_file_of_another_encoding()
    {
        var bytes = File.ReadAllBytes(folders.Keys);
        bytes[20] = 0xE9;
        File.WriteAllBytes(folders.Keys, bytes);
        Refused(folders.Keys + ": byte 20 is not UTF-8, in which fixtures are written");
        File.WriteAllText(folders.Keys, "key,value\n", System.Text.Encoding.Unicode);
        Refused(folders.Keys + ": byte 0 is not UTF-8, in which fixtures are written");
    }

    [Test]
    public void A_link_that_leads_out()
    {
        var target = Path.Combine(Path.GetDirectoryName(folders.Case)!, "tensors.csv");
        File.Move(folders.Tensors, target);
        File.CreateSymbolicLink(folders.Tensors, target);
        Refused(folders.Tensors + ": is a symbolic link that leads out of the folder");
        File.Move(target, Path.Combine(folders.Case, "here.csv"));
        File.Delete(folders.Tensors);
        File.CreateSymbolicLink(folders.Tensors, "here.csv");
        folders.Read().Quantities.Count.ShouldBe(2);
    }

    [Test]
    public void A_link_that_leads_nowhere()
    {
        var link = Path.Combine(Path.GetDirectoryName(folders.Case)!, "link");
        File.CreateSymbolicLink(link, "absent");
        Should
            .Throw<FixtureException>(() => RecordedRun.In(link))
            .Message.ShouldBe($"{link}: is a link that leads nowhere");
    }

    [Test]
    public void A_folder_whose_files_are_links_is_a_run_too()
    {
        File.Move(folders.Tensors, Path.Combine(folders.Case, "here.csv"));
        File.CreateSymbolicLink(folders.Tensors, "here.csv");
        File.Move(folders.Keys, Path.Combine(folders.Case, "keys.csv"));
        File.CreateSymbolicLink(folders.Keys, "keys.csv");
        RecordedRun.In(Path.GetDirectoryName(folders.Case)!).Count.ShouldBe(1);
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_without_permission()
    {
        if (Environment.UserName == "root")
            Assert.Ignore("root may read everything");
        File.SetUnixFileMode(folders.Keys, UnixFileMode.None);
        Refused(folders.Keys + ": may not be read: permission is denied");
    }

    [Test]
    public void A_file_with_any_byte_changed_is_refused_in_a_sentence_or_read()
    {
        var random = new Random(3);
        var changes = Extent.Of(2000, 100, "files with a byte changed");
        var (refused, read) = (0, 0);
        var original = new[] { folders.Keys, folders.Tensors }.ToDictionary(f => f, File.ReadAllBytes);
        for (var i = 0; i < changes; i++)
        {
            using var scope = NewDisposeScope();
            var file = i % 2 == 0 ? folders.Keys : folders.Tensors;
            var bytes = (byte[])original[file].Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(file, bytes);
            try
            {
                folders.Read();
                read++;
            }
            catch (FixtureException e)
            {
                e.Message.ShouldStartWith(folders.Case);
                e.Message.ShouldNotContain('\n');
                refused++;
            }
            File.WriteAllBytes(file, original[file]);
        }
        TestContext.Out.WriteLine($"{refused} refused, {read} read");
        refused.ShouldBeGreaterThan(read);
        read.ShouldBeGreaterThan(0);
    }
}
