using System.Globalization;
using Google.Protobuf;
using Onnx;
using Rnn.Parity.Folders;

namespace Rnn.Parity.Cli.Onnx;

/// <summary>An .onnx file as its protocol buffers, with what lies in other files read into it.</summary>
internal static class OnnxFile
{
    // One that is larger is not certified in any time that one would wait.
    private const long Most = 1L << 30;

    public static ModelProto Read(string path)
    {
        if (!File.Exists(path))
            throw new FixtureException($"{path}: the file is missing");
        try
        {
            var model = ModelProto.Parser.ParseFrom(Bytes(path, path, 0, null));
            if (model.Graph is null)
                throw new FixtureException($"{path}: has no graph, an ONNX model is expected");
            var size = (long)model.CalculateSize();
            foreach (var tensor in model.Graph.Initializer)
                if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
                    if ((size += Inline(path, tensor)) > Most)
                        throw TooLarge(path);
            return model;
        }
        // the parser of a truncated message may read beyond its end
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException)
        {
            throw new FixtureException($"{path}: is no ONNX model, or is truncated: {e.Message.Split('\n')[0]}");
        }
    }

    private static int Inline(string path, TensorProto tensor)
    {
        var (location, folder) = (Key("location") ?? "", Path.GetDirectoryName(Path.GetFullPath(path))!);
        var file = Path.GetFullPath(Path.Combine(folder, location));
        var what = $"{path}: initializer '{tensor.Name}' lies in '{location}'";
        // a folder on the way may be a link
        if (
            Path.GetDirectoryName(file) is not { } parent
            || !Inside.Of(AtomicFile.Real(folder), Path.Combine(AtomicFile.Real(parent), "file"))
        )
            throw new FixtureException($"{what}, which leads out of the folder");
        if (!File.Exists(file))
            throw new FixtureException($"{what}, which is missing");
        if (new FileInfo(file).LinkTarget is not null)
            throw new FixtureException($"{what}, which is a symbolic link");
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(Bytes(what, file, Number("offset") ?? 0, Number("length")));
        tensor.DataLocation = TensorProto.Types.DataLocation.Default;
        tensor.ExternalData.Clear();
        return tensor.RawData.Length;

        string? Key(string name) => tensor.ExternalData.LastOrDefault(e => e.Key == name)?.Value;

        long? Number(string name) =>
            Key(name) is not { } text ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n
            : throw new FixtureException($"{what}, and its {name} is '{text}', a whole number is expected");
    }

    private static byte[] Bytes(string what, string file, long offset, long? length)
    {
        // a pipe has no length either, and would never end
        if (new FileInfo(file).Length == 0)
            return [];
        using var stream = File.OpenRead(file);
        var count = length ?? stream.Length - offset;
        if (offset > stream.Length || count > stream.Length - offset)
            throw new FixtureException($"{what}, which ends before what it announces");
        if (count > Most)
            throw TooLarge(what);
        var bytes = new byte[count];
        stream.Position = offset;
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static FixtureException TooLarge(string what) =>
        new($"{what}: is larger than {Most >> 30} GiB, which is not certified");
}
