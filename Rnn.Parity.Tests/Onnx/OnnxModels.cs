using Google.Protobuf;
using Onnx;
using static TorchSharp.torch;
using Dimension = Onnx.TensorShapeProto.Types.Dimension;
using Type = Onnx.AttributeProto.Types.AttributeType;

namespace Rnn.Parity.Tests.Onnx;

/// <summary>ONNX models, part by part.</summary>
internal static class OnnxModels
{
    public const int Float = (int)TensorProto.Types.DataType.Float;
    public const int Int = (int)TensorProto.Types.DataType.Int32;

    /// <summary>An RNN node: x, W, R, B, sequence_lens, initial_h give Y and Y_h, with k behind each of the names.</summary>
    public static NodeProto Rnn(string x, int k, long H, string direction, string activation, params string[] others)
    {
        var node = Node("RNN", [x, $"W{k}", $"R{k}", .. others], [$"Y{k}", $"Y_h{k}"]);
        node.Name = $"rnn{k}";
        var D = direction == "bidirectional" ? 2 : 1;
        node.Attribute.AddRange([
            Whole("hidden_size", H),
            Text("direction", direction),
            Texts("activations", Enumerable.Repeat(activation, D)),
        ]);
        return node;
    }

    public static NodeProto Node(string type, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = $"{type} of {outputs[0]}" };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        return node;
    }

    public static AttributeProto Whole(string name, long value) =>
        new()
        {
            Name = name,
            I = value,
            Type = Type.Int,
        };

    public static AttributeProto Wholes(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = Type.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Real(string name, float value) =>
        new()
        {
            Name = name,
            F = value,
            Type = Type.Float,
        };

    public static AttributeProto Text(string name, string value) =>
        new()
        {
            Name = name,
            S = ByteString.CopyFromUtf8(value),
            Type = Type.String,
        };

    public static AttributeProto Texts(string name, IEnumerable<string> values)
    {
        var attribute = new AttributeProto { Name = name, Type = Type.Strings };
        attribute.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return attribute;
    }

    /// <summary>Numbers from −1/2 to 1/2 that depend on the name alone.</summary>
    public static TensorProto Drawn(string name, params long[] shape)
    {
        var seed = name.Aggregate(17, (sum, letter) => 31 * sum + letter);
        var random = new Random(seed);
        var tensor = new TensorProto { Name = name, DataType = Float };
        tensor.Dims.AddRange(shape);
        for (var i = 0; i < shape.Aggregate((a, b) => a * b); i++)
            tensor.FloatData.Add(random.NextSingle() - 0.5f);
        return tensor;
    }

    /// <summary>The same numbers as bytes.</summary>
    public static TensorProto Raw(TensorProto tensor)
    {
        var raw = new TensorProto(tensor) { RawData = ByteString.CopyFrom(Bytes(tensor)) };
        raw.FloatData.Clear();
        return raw;
    }

    public static byte[] Bytes(TensorProto tensor) => [.. tensor.FloatData.SelectMany(BitConverter.GetBytes)];

    public static TensorProto Floats(string name, Tensor values)
    {
        var tensor = new TensorProto { Name = name, DataType = Float };
        tensor.Dims.AddRange(values.shape);
        tensor.FloatData.AddRange(values.contiguous().data<float>());
        return tensor;
    }

    public static TensorProto Int32s(string name, params int[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Int32 };
        tensor.Dims.Add(values.Length);
        tensor.Int32Data.AddRange(values);
        return tensor;
    }

    public static TensorProto Int64s(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        return tensor;
    }

    /// <summary>An input; a dimension that is no number is free.</summary>
    public static ValueInfoProto Value(string name, int type, params object[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var d in dimensions)
            shape.Dim.Add(d is int size ? new Dimension { DimValue = size } : new Dimension { DimParam = (string)d });
        return new()
        {
            Name = name,
            Type = new()
            {
                TensorType = new() { ElemType = type, Shape = shape },
            },
        };
    }

    public static ModelProto Model(
        IEnumerable<ValueInfoProto> inputs,
        IEnumerable<NodeProto> nodes,
        IEnumerable<TensorProto> initializers,
        int opset = 14
    )
    {
        var graph = new GraphProto { Name = "graph" };
        graph.Input.AddRange(inputs);
        graph.Node.AddRange(nodes);
        graph.Initializer.AddRange(initializers);
        graph.Output.Add(new ValueInfoProto { Name = graph.Node[^1].Output[0] });
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        return model;
    }

    /// <summary>One layer, x (T, B, 4) and H 5, as the simplest model has it.</summary>
    public static ModelProto OneLayer(
        string direction = "forward",
        string activation = "Tanh",
        int opset = 14,
        params string[] others
    )
    {
        var D = direction == "bidirectional" ? 2 : 1;
        others = others.Length > 0 ? others : ["B0"];
        return Model(
            [Value("x", Float, "time", "batch", 4)],
            [Rnn("x", 0, 5, direction, activation, others)],
            [
                Drawn("W0", D, 5, 4),
                Drawn("R0", D, 5, 5),
                .. others.Contains("B0") ? [Drawn("B0", D, 10)] : (TensorProto[])[],
            ],
            opset
        );
    }

    /// <summary>Two layers in both directions and a head, the way PyTorch writes them; h_0 (4, B, 5) is an input, in slices.</summary>
    public static ModelProto TwoLayers()
    {
        List<NodeProto> nodes = [];
        List<TensorProto> initializers = [Int64s("join", 0, 0, -1), Int64s("zero", 0), Drawn("head", 10, 2)];
        var x = "x";
        for (var k = 0; k < 2; k++)
        {
            initializers.AddRange([
                Int64s($"from{k}", 2 * k),
                Int64s($"to{k}", 2 * k + 2),
                Raw(Drawn($"W{k}", 2, 5, k == 0 ? 4 : 10)),
                Raw(Drawn($"R{k}", 2, 5, 5)),
                Raw(Drawn($"B{k}", 2, 10)),
            ]);
            nodes.AddRange([
                Node("Slice", ["h_0", $"from{k}", $"to{k}", "zero"], [$"h_0{k}"]),
                Rnn(x, k, 5, "bidirectional", "Tanh", $"B{k}", "", $"h_0{k}"),
                Node("Transpose", [$"Y{k}"], [$"T{k}"], Wholes("perm", 0, 2, 1, 3)),
                Node("Reshape", [$"T{k}", "join"], [$"output{k}"]),
            ]);
            x = $"output{k}";
        }
        nodes.Add(Node("MatMul", [x, "head"], ["scores"]));
        return Model([Value("x", Float, 6, 3, 4), Value("h_0", Float, 4, 3, 5)], nodes, initializers);
    }
}
