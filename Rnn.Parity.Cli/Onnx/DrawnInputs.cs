using Google.Protobuf.Collections;
using Onnx;
using Rnn.Parity.Folders;
using DataType = Onnx.TensorProto.Types.DataType;
using Dimension = Onnx.TensorShapeProto.Types.Dimension;

namespace Rnn.Parity.Cli.Onnx;

/// <summary>What a model is fed: numbers of a normal distribution and, where it takes lengths, each one shorter than the one before.</summary>
internal sealed class DrawnInputs(string path, RnnChain chain, long? I)
{
    private const long FreeT = 7;
    private const long FreeB = 3;
    private const long Most = 1 << 24;
    private const ulong Seed = 1;

    /// <summary>Draws every input of the graph from a seed, of float32; T and B are the graph's, or 7 and 3.</summary>
    public Dictionary<string, Tensor> Draw()
    {
        using var generator = new Generator(Seed);
        var inputs = chain.Inputs.ToList();
        var T = Fixed(inputs.First(i => i.Name == chain.Sequence), PlaceOfT) ?? FreeT;
        var B = inputs.Select(i => Fixed(i, PlaceOfB(i))).FirstOrDefault(size => size is not null) ?? FreeB;
        return inputs.ToDictionary(i => i.Name, i => Of(i, [.. Dimensions(i).Select((_, place) => Size(i, place))]));

        long Size(ValueInfoProto input, int place) =>
            Fixed(input, place) is { } size ? size
            : place == PlaceOfB(input) ? B
            : input.Name == chain.Sequence && place == PlaceOfT ? T
            : input.Name == chain.Sequence && I is not null ? I.Value
            : throw Refuse(input, $"has dimension {place} open, and what it is does not follow from the RNN");

        Tensor Of(ValueInfoProto input, long[] shape)
        {
            if (shape.Aggregate(1.0, (product, size) => product * size) > Most)
                throw Refuse(input, $"is ({string.Join(", ", shape)}), more than {Most} numbers");
            var type = (DataType)(input.Type?.TensorType?.ElemType ?? 0);
            return type == DataType.Float
                    ? randn(shape, ScalarType.Float64, generator: generator).type(ScalarType.Float32)
                : type == DataType.Int32 && chain.IsLengths(input.Name) ? Lengths().type(ScalarType.Int32)
                : type == DataType.Int64 && chain.IsLengths(input.Name) ? Lengths()
                : throw Refuse(input, $"is {type}, Float is expected");
        }

        Tensor Lengths() => tensor(Enumerable.Range(0, (int)B).Select(b => Math.Max(1, T - b)).ToArray());
    }

    private int PlaceOfT => chain.BatchFirst ? 1 : 0;

    // (T, B, I), (B, T, I), (L·D, B, H) or (B); an unbatched sequence has none.
    private int PlaceOfB(ValueInfoProto input) =>
        chain.IsLengths(input.Name) ? 0
        : Dimensions(input).Count != 3 ? -1
        : input.Name == chain.Sequence ? 1 - PlaceOfT
        : 1;

    private static long? Fixed(ValueInfoProto input, int place) =>
        Dimensions(input).ElementAtOrDefault(place) is { DimValue: > 0 and var size } ? size : null;

    private static RepeatedField<Dimension> Dimensions(ValueInfoProto input) =>
        input.Type?.TensorType?.Shape?.Dim ?? [];

    private FixtureException Refuse(ValueInfoProto input, string sentence) =>
        new($"{path}: input '{input.Name}' of the graph {sentence}");
}
