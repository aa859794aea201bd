using Onnx;
using Rnn.Parity.Folders;

namespace Rnn.Parity.Cli.Onnx;

/// <summary>The RNN nodes of a graph as the layers of one nn.RNN: the first reads the graph's input, each other the one before.</summary>
internal sealed class RnnChain
{
    // What moves numbers and changes none; whether it moved them as nn.RNN does is seen in the recorded values.
    private static readonly string[] moves = "Cast Dropout Identity Reshape Squeeze Transpose Unsqueeze".Split(' ');

    private readonly Dictionary<string, NodeProto> makers = [];
    private readonly GraphProto graph;

    public RnnChain(string path, GraphProto graph)
    {
        this.graph = graph;
        foreach (var node in graph.Node)
        foreach (var output in node.Output)
            makers.TryAdd(output, node);
        var nodes = graph.Node.Where(n => n.Domain is "" or "ai.onnx").ToList();
        if (nodes.Find(n => n.OpType is "LSTM" or "GRU") is { } other)
            throw new FixtureException(
                $"{path}: node '{RnnNode.NameOf(other)}' is of the operator {other.OpType}, RNN is expected"
            );
        Layers = [.. nodes.Where(n => n.OpType == "RNN").Select(n => new RnnNode(path, n))];
        if (Layers.Count == 0)
            throw new FixtureException(
                $"{path}: no node of its graph is of the operator RNN; torch.onnx.export writes one with dynamo=False"
            );
        (Sequence, BatchFirst) = Source(Layers[0].X);
        if (Inputs.All(i => i.Name != Sequence))
            throw Layers[0].Refuse($"reads {Made(Sequence)}; the first RNN has to read an input of the graph");
        foreach (var (below, layer) in Layers.Zip(Layers.Skip(1)))
        {
            if (Source(layer.X).name is var source && source != below.Y)
                throw layer.Refuse($"reads {Made(source)}; in a chain it would read the output of node '{below.Name}'");
            if (layer.Kind != below.Kind)
                throw layer.Refuse(
                    $"is {layer.Kind}, and node '{below.Name}' {below.Kind}: all layers of nn.RNN are alike"
                );
        }
    }

    public IReadOnlyList<RnnNode> Layers { get; }

    public string Sequence { get; }

    /// <summary>Whether it is (B, T, I), and transposed before the first layer reads it.</summary>
    public bool BatchFirst { get; }

    /// <summary>What the graph has to be given: its inputs without the initializers, which older models list among them.</summary>
    public IEnumerable<ValueInfoProto> Inputs =>
        graph.Input.ExceptBy(graph.Initializer.Select(t => t.Name), i => i.Name);

    public bool IsLengths(string input) => Layers.Any(l => l.Lengths.Length > 0 && Source(l.Lengths).name == input);

    /// <summary>The initializer or constant of a name; null if another node or nobody makes it.</summary>
    public TensorProto? Constant(string name) =>
        graph.Initializer.FirstOrDefault(t => t.Name == name)
        ?? Maker(name, "Constant")?.Attribute.FirstOrDefault(a => a.Name == "value")?.T;

    // The value that another one is, and whether its first two dimensions were swapped on the way.
    private (string name, bool swapped) Source(string name)
    {
        var (swapped, left) = (false, graph.Node.Count);
        // a damaged graph may go round in a circle
        while (left-- > 0 && Maker(name, moves) is { Input.Count: > 0 } node)
        {
            swapped ^= node.Attribute.FirstOrDefault(a => a.Name == "perm") is { Ints: [1, 0, ..] };
            name = node.Input[0];
        }
        return (name, swapped);
    }

    private NodeProto? Maker(string name, params string[] operators) =>
        makers.TryGetValue(name, out var node) && operators.Contains(node.OpType) ? node : null;

    private string Made(string name) =>
        makers.TryGetValue(name, out var node)
            ? $"'{name}', which node '{RnnNode.NameOf(node)}' of the operator {node.OpType} makes"
            : $"'{name}'";
}
