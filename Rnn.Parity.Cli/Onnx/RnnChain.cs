using Onnx;
using Rnn.Parity.Folders;

namespace Rnn.Parity.Cli.Onnx;

/// <summary>The RNN nodes of a graph as the layers of one nn.RNN: the first reads the graph's input, each other the one before.</summary>
internal sealed class RnnChain
{
    // What moves numbers and changes none; whether it moved them as nn.RNN does is seen in the recorded values.
    private static readonly HashSet<string> moves =
    [
        "Cast",
        "Dropout",
        "Identity",
        "Reshape",
        "Squeeze",
        "Transpose",
        "Unsqueeze",
    ];

    private readonly Dictionary<string, NodeProto> makers = [];
    private readonly GraphProto graph;

    /// <summary>Finds the chain.</summary>
    /// <exception cref="FixtureException">There is none; the sentence names the node where it breaks.</exception>
    public RnnChain(string path, GraphProto graph)
    {
        this.graph = graph;
        foreach (var node in graph.Node)
        foreach (var output in node.Output)
            makers.TryAdd(output, node);
        foreach (var node in graph.Node.Where(n => n.Domain is "" or "ai.onnx"))
            if (node.OpType is "LSTM" or "GRU")
                throw new FixtureException(
                    $"{path}: node '{RnnNode.NameOf(node)}' is of the operator {node.OpType}, RNN is expected"
                );
        Layers =
        [
            .. graph.Node.Where(n => n is { OpType: "RNN", Domain: "" or "ai.onnx" }).Select(n => new RnnNode(path, n)),
        ];
        if (Layers.Count == 0)
            throw new FixtureException($"{path}: no node of its graph is of the operator RNN");
        (Sequence, BatchFirst) = Source(Layers[0].X);
        if (Inputs.All(i => i.Name != Sequence))
            throw Layers[0].Refuse($"reads {Made(Sequence)}; the first RNN has to read an input of the graph");
        foreach (var (below, layer) in Layers.Zip(Layers.Skip(1)))
        {
            if (Source(layer.X).name is var source && source != below.Y)
                throw layer.Refuse($"reads {Made(source)}; in a chain it would read the output of node '{below.Name}'");
            if ((layer.H, layer.Direction, layer.Activation) != (below.H, below.Direction, below.Activation))
                throw layer.Refuse(
                    $"is {layer.H}, {layer.Direction}, {layer.Activation}, and node '{below.Name}' is {below.H}, {below.Direction}, {below.Activation}: all layers of nn.RNN are alike"
                );
        }
    }

    /// <summary>The nodes, from the first layer on.</summary>
    public IReadOnlyList<RnnNode> Layers { get; }

    /// <summary>The graph's input that the first layer reads.</summary>
    public string Sequence { get; }

    /// <summary>Whether it is (B, T, I), and transposed before the first layer reads it.</summary>
    public bool BatchFirst { get; }

    /// <summary>What the graph has to be given: its inputs without the initializers, which older models list among them.</summary>
    public IEnumerable<ValueInfoProto> Inputs => graph.Input.Where(i => graph.Initializer.All(t => t.Name != i.Name));

    /// <summary>Whether an input becomes the sequence_lens of a layer.</summary>
    public bool IsLengths(string input) => Layers.Any(l => l.Lengths.Length > 0 && Source(l.Lengths).name == input);

    /// <summary>The initializer or constant of a name; null if another node or nobody makes it.</summary>
    public TensorProto? Constant(string name) =>
        graph.Initializer.FirstOrDefault(t => t.Name == name)
        ?? (
            makers.TryGetValue(name, out var node) && node.OpType == "Constant"
                ? node.Attribute.FirstOrDefault(a => a.Name == "value")?.T
                : null
        );

    // The value that another one is, and whether its first two dimensions were swapped on the way.
    private (string name, bool swapped) Source(string name)
    {
        var swapped = false;
        // a damaged graph may go round in a circle
        for (var i = 0; i < graph.Node.Count; i++)
        {
            if (!makers.TryGetValue(name, out var node) || !moves.Contains(node.OpType) || node.Input.Count == 0)
                break;
            swapped ^= node.Attribute.FirstOrDefault(a => a.Name == "perm") is { Ints: [1, 0, ..] };
            name = node.Input[0];
        }
        return (name, swapped);
    }

    private string Made(string name) =>
        makers.TryGetValue(name, out var node)
            ? $"'{name}', which node '{RnnNode.NameOf(node)}' of the operator {node.OpType} makes"
            : $"'{name}'";
}
