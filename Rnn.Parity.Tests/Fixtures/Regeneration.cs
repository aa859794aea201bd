using System.Globalization;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Fixtures;

/// <summary>Fixtures made again, beside those that there are.</summary>
/// <param name="old">The folder of the fixtures.</param>
/// <param name="made">The folder of those made again; documents/ is a copy.</param>
public sealed class Regeneration(string old, string made)
{
    /// <summary>Writes the manifest of what was made; what is as it was keeps its date.</summary>
    /// <returns>One sentence for each file that is not as it was.</returns>
    public IReadOnlyList<string> Record()
    {
        var listed = ManifestRow.Read(old).ToDictionary(r => r.File);
        var (before, after) = (Manifest.FilesOf(old), Manifest.FilesOf(made));
        ManifestRow.Write(made, after.Select(file => Row(file, listed.GetValueOrDefault(file))));
        List<string> sentences =
        [
            .. before.Except(after).Select(f => $"{f} is no longer made"),
            .. after.Except(before).Select(f => $"{f} is new"),
            .. before.Intersect(after).Where(Differs).Select(Difference),
        ];
        return sentences.Count == 0 && Differs(Manifest.FileName) ? [$"{Manifest.FileName} differs"] : sentences;
    }

    private bool Differs(string file) =>
        Manifest.Sha256(Path.Combine(old, file)) != Manifest.Sha256(Path.Combine(made, file));

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
            if (File.Exists(Path.Combine(made, folder, Manifest.Environment)))
                return Manifest.Keys(Path.Combine(made, folder, Manifest.Environment));
        return null;
    }

    private string Difference(string file)
    {
        try
        {
            var (was, now) = (Path.Combine(old, file), Path.Combine(made, file));
            return Path.GetFileName(file) is CaseKeys.FileName or Manifest.Environment
                    ? $"{file} differs: {KeyDifferences(Manifest.Keys(was), Manifest.Keys(now))}"
                : file.StartsWith("documents/", StringComparison.Ordinal) ? $"{file} differs"
                : $"{file} differs: {TensorDifferences(file)}";
        }
        catch (FixtureException e)
        {
            return $"{file} differs: {e.Message}";
        }
    }

    private string TensorDifferences(string file)
    {
        using var scope = NewDisposeScope();
        var (was, now) = (Tensors(old, file), Tensors(made, file));
        var values = now
            .Keys.Intersect(was.Keys)
            .Select(name => TensorComparison.Compare(name, now[name], was[name]))
            .OfType<TensorDifference>()
            .Select(d =>
                d.Mismatch is null ? $"{d.Quantity} by {d.Worst!.Ulp} ULP at worst" : $"{d.Quantity} {d.Mismatch}"
            );
        var gone = was.Keys.Except(now.Keys).Select(name => $"{name} is no longer there");
        var added = now.Keys.Except(was.Keys).Select(name => $"{name} is new");
        var sentences = values.Concat(gone).Concat(added).ToList();
        return sentences.Count == 0
            ? "the values are the same, the text is not"
            : string.Join("; ", sentences) + Evidence(file);
    }

    // What was made on another machine may have other bits: is it within its bounds?
    private string Evidence(string file)
    {
        if (file.Split('/') is not ["testimonies", var witness, var name])
            return "";
        var finding = Verification.OfItself(RecordedRun.Of(made, witness, Path.GetFileNameWithoutExtension(name)));
        return finding.Holds
            ? FormattableString
                .Invariant($"; {finding.Evidence}, {finding.BoundRatio ?? 0:F2} of the bound")
                .ToLowerInvariant()
            : $"; {(finding.Evidence == Rnn.Parity.Comparison.Evidence.Undecided ? "undecided" : "not certified")}: {finding.Explanation!.Split('\n')[1].Trim()}";
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

    private static string KeyDifferences(Dictionary<string, string> a, Dictionary<string, string> b) =>
        string.Join(
            "; ",
            a.Keys.Union(b.Keys)
                .Where(k => a.GetValueOrDefault(k) != b.GetValueOrDefault(k))
                .Select(k => $"{k} was '{a.GetValueOrDefault(k)}' and is '{b.GetValueOrDefault(k)}'")
        );
}
