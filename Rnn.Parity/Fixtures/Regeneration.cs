using System.Globalization;
using Rnn.Parity.Comparison;
using static TorchSharp.torch;

namespace Rnn.Parity.Fixtures;

/// <summary>Fixtures made again, beside those that there are.</summary>
/// <param name="old">The folder of the fixtures.</param>
/// <param name="made">The folder of those made again; documents/ is a copy.</param>
public sealed class Regeneration(string old, string made)
{
    /// <summary>What one folder testifies to its own making: the keys engine, engine_version, device, blas and script.</summary>
    public const string Environment = "environment.csv";

    /// <summary>Writes the manifest of what was made; what is as it was keeps its date.</summary>
    /// <returns>One sentence for each file that is not as it was.</returns>
    public IReadOnlyList<string> Record()
    {
        var before = Manifest.Read(old).ToDictionary(r => r.File);
        var rows = Manifest.FilesOf(made).Select(file => Row(file, before.GetValueOrDefault(file))).ToList();
        Manifest.Write(made, rows);
        var after = rows.ToDictionary(r => r.File);
        return
        [
            .. before.Keys.Where(f => !after.ContainsKey(f)).Select(f => $"{f} is no longer made"),
            .. rows.Where(r => !before.ContainsKey(r.File)).Select(r => $"{r.File} is new"),
            .. rows.Where(r => before.TryGetValue(r.File, out var b) && b.Sha256 != r.Sha256)
                .Select(r => Difference(r.File)),
        ];
    }

    private ManifestRow Row(string file, ManifestRow? before)
    {
        var sha256 = Manifest.Sha256(Path.Combine(made, file));
        var today = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var row = EnvironmentOf(file) is { } keys
            ? new ManifestRow(
                file,
                sha256,
                keys["script"],
                keys["engine"],
                keys["engine_version"],
                keys["device"],
                keys["blas"],
                today
            )
            : new ManifestRow(file, sha256, "", "", "", "", "", today);
        return before is not null && row with { Date = before.Date } == before ? before : row;
    }

    // The nearest one on the way up; what was transcribed by hand has none.
    private Dictionary<string, string>? EnvironmentOf(string file)
    {
        for (
            var folder = Path.GetDirectoryName(file);
            !string.IsNullOrEmpty(folder);
            folder = Path.GetDirectoryName(folder)
        )
            if (File.Exists(Path.Combine(made, folder, Environment)))
                return Keys(Path.Combine(made, folder, Environment));
        return null;
    }

    private string Difference(string file)
    {
        var (was, now) = (Path.Combine(old, file), Path.Combine(made, file));
        if (Path.GetFileName(file) is CaseKeys.FileName or Environment)
            return $"{file} differs: {KeyDifferences(Keys(was), Keys(now))}";
        if (
            !file.StartsWith("testimonies/", StringComparison.Ordinal)
            && !file.StartsWith("cases/", StringComparison.Ordinal)
        )
            return $"{file} differs";
        using var scope = NewDisposeScope();
        var (a, b) = (Tensors(old, file), Tensors(made, file));
        var differences = b.Where(t => a.ContainsKey(t.Key))
            .Select(t => TensorComparison.Compare(t.Key, t.Value, a[t.Key]))
            .OfType<TensorDifference>()
            .Select(d =>
                d.Mismatch is null ? $"{d.Quantity} by {d.Worst!.Ulp} ULP at worst" : $"{d.Quantity} {d.Mismatch}"
            );
        var names = a.Keys.Except(b.Keys).Concat(b.Keys.Except(a.Keys)).Select(n => $"{n} is on one side only");
        return $"{file} differs: {string.Join("; ", differences.Concat(names).DefaultIfEmpty("the values are the same, the text is not"))}";
    }

    private static Dictionary<string, Tensor> Tensors(string fixtures, string file)
    {
        var id = file.StartsWith("cases/", StringComparison.Ordinal)
            ? file.Split('/')[1]
            : Path.GetFileNameWithoutExtension(file);
        var c = CaseFolder.Read(Path.Combine(fixtures, "cases", id));
        var shapes = new CaseShapes(c.Case);
        return TensorRows.Read(Path.Combine(fixtures, file), c.Case).ToTensors(shapes, []);
    }

    /// <summary>Reads a file of keys and values.</summary>
    internal static Dictionary<string, string> Keys(string path) =>
        new FixtureFile(path, "key", "value").Read().ToDictionary(r => r.fields[0], r => r.fields[1]);

    private static string KeyDifferences(Dictionary<string, string> a, Dictionary<string, string> b) =>
        string.Join(
            "; ",
            a.Keys.Union(b.Keys)
                .Where(k => a.GetValueOrDefault(k) != b.GetValueOrDefault(k))
                .Select(k => $"{k} was '{a.GetValueOrDefault(k)}' and is '{b.GetValueOrDefault(k)}'")
        );
}
