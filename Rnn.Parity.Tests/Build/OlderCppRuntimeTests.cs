using System.Runtime.InteropServices;
using NUnit.Framework;
using Shouldly;

namespace Rnn.Parity.Tests.Build;

/// <summary>OlderCppRuntime.targets: TorchSharp's native library loads, and the package it came from is as it was.</summary>
[Platform("Linux")]
public sealed class OlderCppRuntimeTests
{
    private const string Version = "GLIBCXX_3.4.32";
    private static readonly string package = Path.Combine(
        Packages(),
        "torchsharp",
        typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3),
        "runtimes/linux-x64/native/libLibTorchSharp.so"
    );

    private static readonly byte[] original = File.ReadAllBytes(package);

    private string folder = "";

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    public void The_library_loads_in_a_fresh_process()
    {
        var (status, output, errors) = ParityProcess.Run(
            "--case",
            "002-ones",
            "--certificate",
            Path.Combine(folder, "c.csv")
        );
        status.ShouldBe(0, errors);
        output.ShouldStartWith("libtorch ");
    }

    [Test]
    public void The_output_has_a_copy_that_asks_weakly_where_the_runtime_is_older()
    {
        var built = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"));
        built.Length.ShouldBe(original.Length);
        var changed = Enumerable.Range(0, built.Length).Where(i => built[i] != original[i]).ToList();
        if (IsOlder())
            changed.ShouldHaveSingleItem();
        else
            changed.ShouldBeEmpty();
    }

    [Test]
    [Long("starts MSBuild twice")]
    public void A_link_is_replaced_once_and_the_package_stays_as_it_was()
    {
        OnAnOlderRuntime();
        // A copy, since a task that wrote through the link would change the package.
        var (link, target) = (Path.Combine(folder, "libLibTorchSharp.so"), Path.Combine(folder, "package.so"));
        File.Copy(package, target);
        File.CreateSymbolicLink(link, target);
        Make(link).ShouldContain($"{link}: adapted to this machine's older C++ runtime, which lacks {Version}");
        File.ResolveLinkTarget(link, returnFinalTarget: false).ShouldBeNull();
        File.GetLastWriteTimeUtc(link).ShouldBe(File.GetLastWriteTimeUtc(package));
        File.ReadAllBytes(target).ShouldBe(original);
        Make(link).ShouldNotContain(Version);
        Directory.GetFiles(folder, "lib*").ShouldBe([link]);
    }

    [Test]
    [Long("starts MSBuild three times")]
    public void What_is_no_such_library_is_an_error_of_one_sentence()
    {
        OnAnOlderRuntime();
        var file = Path.Combine(folder, "libLibTorchSharp.so");
        File.WriteAllText(file, new string('x', 100));
        Make(file)
            .ShouldContain(
                $"error : {file} cannot be made to load with this machine's C++ runtime, which lacks {Version}: it is no 64-bit ELF file"
            );
        File.ReadAllText(file).ShouldBe(new string('x', 100));

        var other = (byte[])original.Clone();
        var name = other.AsSpan().IndexOf("_ZSt21ios_base_library_initv"u8);
        other[name]++;
        File.WriteAllBytes(file, other);
        Make(file)
            .ShouldContain(
                "its symbols of that version are `ZSt21ios_base_library_initv; _ZSt21ios_base_library_initv alone is expected"
            );
        File.WriteAllBytes(file, original.AsSpan(0, original.Length / 2));
        Make(file).ShouldContain("which lacks GLIBCXX_3.4.32: it is damaged");
    }

    // The task alone, on one file.
    private string Make(string library)
    {
        var project = Path.Combine(folder, "one.proj");
        File.WriteAllText(
            project,
            $"""
            <Project DefaultTargets="Make">
              <Import Project="{Path.Combine(Repository.Root, "OlderCppRuntime.targets")}" />
              <Target Name="Make"><AllowOlderCppRuntime Package="{package}" Library="{library}" /></Target>
            </Project>
            """
        );
        return Dotnet("msbuild", project, "-nologo", "-v:minimal");
    }

    private static void OnAnOlderRuntime()
    {
        if (!IsOlder())
            Assert.Ignore($"this machine's libstdc++ has {Version}");
    }

    private static bool IsOlder() =>
        !NativeLibrary.TryGetExport(NativeLibrary.Load("libstdc++.so.6"), "_ZSt21ios_base_library_initv", out _);

    // Where they usually are, or where NuGet says, which takes a second.
    private static string Packages()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var usual = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(home, ".nuget", "packages");
        return Directory.Exists(Path.Combine(usual, "torchsharp"))
            ? usual
            : Dotnet("nuget", "locals", "global-packages", "--list").Split(": ", 2)[1].Trim();
    }

    private static string Dotnet(params string[] arguments) => Command.Run("dotnet", arguments).output;
}
