using Rnn.Parity.Folders;
using Rnn.Parity.Tests.Folders;

namespace Rnn.Parity.Tests.Fixtures;

/// <summary>A file of the fixtures.</summary>
/// <param name="File">Its path in the folder of the fixtures, with slashes.</param>
/// <param name="Sha256">In hexadecimal.</param>
/// <param name="Script">What makes it; empty for what was transcribed by hand.</param>
/// <param name="Engine">The engine that computed it.</param>
/// <param name="EngineVersion">Its version.</param>
/// <param name="Device">Where it ran.</param>
/// <param name="Blas">Its BLAS, where known.</param>
/// <param name="Date">The day of the run that gave these bytes.</param>
public sealed record ManifestRow(
    string File,
    string Sha256,
    string Script,
    string Engine,
    string EngineVersion,
    string Device,
    string Blas,
    string Date
)
{
    /// <summary>The rows of a folder's manifest.</summary>
    public static List<ManifestRow> Read(string folder) =>
        [.. Manifest.Read(folder).Select(f => new ManifestRow(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7]))];

    /// <summary>Writes a folder's manifest.</summary>
    public static void Write(string folder, IEnumerable<ManifestRow> rows) =>
        FolderWriting.Write(
            Path.Combine(folder, Manifest.FileName),
            rows.Select(r => new[] { r.File, r.Sha256, r.Script, r.Engine, r.EngineVersion, r.Device, r.Blas, r.Date })
                .Prepend(Manifest.Columns)
        );
}
