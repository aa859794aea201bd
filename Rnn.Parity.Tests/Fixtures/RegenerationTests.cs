using System.Globalization;
using NUnit.Framework;
using Rnn.Parity.Folders;
using Rnn.Parity.Tests.Folders;
using Shouldly;

namespace Rnn.Parity.Tests.Fixtures;

/// <summary>Fixtures made again: the same bytes are said to be, and what differs is named with its distance.</summary>
public sealed class RegenerationTests
{
    private const string Case = "cases/one-layer-tanh-float32";
    private const string Testified = "testimonies/pytorch/one-layer-tanh-float32.csv";

    private string old = "";
    private string made = "";

    [SetUp]
    public void Copy()
    {
        old = Directory.CreateTempSubdirectory().FullName;
        made = Directory.CreateTempSubdirectory().FullName;
        string[] files =
        [
            "cases/environment.csv",
            $"{Case}/case.csv",
            $"{Case}/tensors.csv",
            "testimonies/pytorch/environment.csv",
            Testified,
            "documents/001.csv",
        ];
        var rows = ManifestRow.Read(SpoiltFolder.Fixtures).Where(r => files.Contains(r.File)).ToList();
        ManifestRow.Write(old, rows.Select(r => r with { Date = r.Script.Length == 0 ? "" : "2020-01-02" }));
        foreach (var file in files)
        foreach (var folder in new[] { old, made })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
            File.Copy(Path.Combine(SpoiltFolder.Fixtures, file), Path.Combine(folder, file));
        }
    }

    [TearDown]
    public void Delete()
    {
        Directory.Delete(old, recursive: true);
        Directory.Delete(made, recursive: true);
    }

    [Test]
    public void The_same_bytes_give_the_same_manifest_on_another_day()
    {
        Record().ShouldBeEmpty();
        Text(made).ShouldBe(Text(old));
        Manifest.Check(made).ShouldBeEmpty();
    }

    [Test]
    public void A_last_bit_is_named_with_its_distance_and_dated_today()
    {
        var path = Path.Combine(made, Testified);
        var line = File.ReadLines(path).First(l => l.StartsWith("h_n,0,1,2,", StringComparison.Ordinal));
        var value = float.Parse(line[10..], CultureInfo.InvariantCulture);
        SpoiltFolder.Edit(path, line, FormattableString.Invariant($"h_n,0,1,2,{MathF.BitIncrement(value):R}"));
        Record()
            .ShouldHaveSingleItem()
            .ShouldMatch($@"^{Testified} differs: h_n by 1 ULP at worst; certified, 0\.\d\d of the bound$");
        var row = ManifestRow.Read(made).Single(r => r.File == Testified);
        row.Date.ShouldNotBe("2020-01-02");
        (row.Script, row.Engine, row.Device).ShouldBe(("scripts/witnesses/pytorch.py", "PyTorch", "cpu"));
        ManifestRow.Read(made).Count(r => r.Date == "2020-01-02").ShouldBe(4);
    }

    [Test]
    public void What_another_order_of_rounding_may_give_is_certified()
    {
        var path = Path.Combine(made, Testified);
        var line = File.ReadLines(path).First(l => l.StartsWith("grad.weight_hh_l0,1,2,", StringComparison.Ordinal));
        var value = float.Parse(line[23..], CultureInfo.InvariantCulture);
        SpoiltFolder.Edit(
            path,
            line,
            FormattableString.Invariant($"grad.weight_hh_l0,1,2,,{MathF.BitIncrement(value):R}")
        );
        Record()
            .ShouldHaveSingleItem()
            .ShouldMatch(
                $@"^{Testified} differs: grad.weight_hh_l0 by 1 ULP at worst; certified, 0\.\d\d of the bound$"
            );
    }

    [Test]
    public void Another_text_of_the_same_value_is_no_other_value()
    {
        var line = File.ReadLines(Path.Combine(made, Testified))
            .First(l => l.StartsWith("output,", StringComparison.Ordinal));
        SpoiltFolder.Edit(Path.Combine(made, Testified), line, line + "0");
        Record().ShouldBe([$"{Testified} differs: the values are the same, the text is not"]);
    }

    [Test]
    public void A_fixture_that_was_changed_or_truncated_by_hand_is_seen()
    {
        var path = Path.Combine(old, Testified);
        File.WriteAllLines(path, File.ReadAllLines(path).SkipLast(1));
        Record()
            .ShouldBe([$"{Testified} differs: {path}: grad.bias_hh_l0[4] is missing, 5 elements are expected: (5)"]);
        File.Copy(Path.Combine(made, Testified), path, overwrite: true);
        SpoiltFolder.Edit(Path.Combine(old, "manifest.csv"), "PyTorch", "Torch");
        Record().ShouldBe(["manifest.csv differs"]);
    }

    [Test]
    public void Another_engine_is_named()
    {
        SpoiltFolder.Edit(
            Path.Combine(made, "testimonies/pytorch/environment.csv"),
            "engine_version,",
            "engine_version,9"
        );
        var version = ManifestRow.Read(old).Single(r => r.File == Testified).EngineVersion;
        Record()
            .ShouldBe([
                $"testimonies/pytorch/environment.csv differs: engine_version was '{version}' and is '9{version}'",
            ]);
        ManifestRow.Read(made).Single(r => r.File == Testified).EngineVersion.ShouldBe("9" + version);
    }

    [Test]
    public void New_and_missing_files_are_named()
    {
        File.Move(Path.Combine(made, Testified), Path.Combine(made, Testified + ".csv"));
        Record().ShouldBe([$"{Testified} is no longer made", $"{Testified}.csv is new"]);
    }

    private IReadOnlyList<string> Record() => new Regeneration(old, made).Record();

    private static string Text(string folder) => File.ReadAllText(Path.Combine(folder, "manifest.csv"));
}
