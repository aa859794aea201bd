using System.Security.Cryptography;
using System.Text;
using Rnn.Parity.Cli.Onnx;
using Rnn.Parity.Folders;

namespace Rnn.Parity.Cli;

internal sealed partial class CommandLine
{
    /// <summary>Verifies what was recorded in folders, and what ONNX Runtime makes of models: 0 if all of it holds, 1 if not.</summary>
    public int Verify(IReadOnlyList<string> directories, string certificate, Shard shard)
    {
        CheckPlaces(certificate);
        Once(directories);
        // the same order on every machine, for what is done in parts
        directories = [.. directories.Order(StringComparer.Ordinal)];
        var all = directories.SelectMany(d => IsModel(d) ? [() => OnnxModel.Record(d)] : RecordedRun.In(d)).ToList();
        if (shard.N > all.Count)
            throw new ArgumentException($"--shard is {shard}, and the runs are {all.Count}.");
        var runs = all.Where((_, index) => shard.Has(index)).ToList();
        // beside threads of .NET those of libtorch wait for each other
        using var threads = Threads.Each();
        var verified = console.Watch(
            runs.Count,
            done =>
                runs.ConvertAll(read =>
                {
                    using var scope = NewDisposeScope();
                    var found = Verification.Of(read());
                    page?.Add(found);
                    done();
                    return found;
                })
        );
        List<Result> results = [.. verified.SelectMany(found => found)];
        Keep(results, certificate, Surroundings.Current(), Work(directories, all.Count, shard), shard);
        Report.WriteRecorded(results);
        return Published(results);
    }

    // Of a part, what the whole is: the names and the bytes of the folders' files and of the models, without what these read.
    private static string Work(IReadOnlyList<string> directories, int runs, Shard shard)
    {
        if (shard == Shard.Whole)
            return $"verify of {runs} runs";
        var files = directories.SelectMany(d =>
            IsModel(d) ? Enumerable.Repeat(d, 1) : RecordedRun.Files(d).Order(StringComparer.Ordinal)
        );
        var bytes = Encoding.UTF8.GetBytes(string.Join('\n', files.Select(f => $"{f} {Manifest.Sha256(f)}")));
        return $"verify of {runs} runs, {Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}";
    }

    // No run is verified twice: no place is given again, or lies within another.
    private static void Once(IReadOnlyList<string> directories)
    {
        foreach (var (i, one) in directories.Index())
        foreach (var (j, other) in directories.Index())
            if (i == j || one.Length == 0 || other.Length == 0)
                continue;
            else if (AtomicFile.Same(one, other))
                throw new ArgumentException($"{one} is given twice.");
            else if (!IsModel(one) && Inside.Of(AtomicFile.Real(other), AtomicFile.Real(one)))
                throw new ArgumentException($"{one} lies within {other}, and would be verified twice.");
    }

    private static bool IsModel(string path) =>
        path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path);
}
