using Onnx;
using Rnn.Parity.Folders;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cli.Onnx;

/// <summary>
/// A node of the operator RNN, one layer of nn.RNN, by the names of its values: X (T, B, I), W_ih as W (D, H, I), W_hh as
/// R (D, H, H), b_ih and b_hh as B (D, 2H), sequence_lens (B) and initial_h (D, B, H) give Y (T, D, B, H) and Y_h (D, B, H).
/// An input that it is without has the empty name.
/// </summary>
internal sealed class RnnNode
{
    private static readonly string[] known = ["activations", "direction", "hidden_size", "layout"];

    private readonly string path;
    private readonly NodeProto node;

    /// <summary>Takes a node, and gives names to Y and Y_h where it has none.</summary>
    public RnnNode(string path, NodeProto node)
    {
        (this.path, this.node) = (path, node);
        Name = NameOf(node);
        if (node.Attribute.FirstOrDefault(a => !known.Contains(a.Name)) is { } unknown)
            throw Refuse($"has {unknown.Name}, for which nn.RNN has nothing");
        H = Attribute("hidden_size")?.I ?? 0;
        Direction = Attribute("direction")?.S.ToStringUtf8() ?? "forward";
        var activations = Attribute("activations")?.Strings.Select(s => s.ToStringUtf8()).ToList() ?? [];
        Activation = activations.FirstOrDefault("Tanh");
        if (H is < 1 or > int.MaxValue)
            throw Refuse($"has hidden_size {H}, a size from 1 on is expected");
        if (Direction is not ("forward" or "reverse" or "bidirectional"))
            throw Refuse($"has direction '{Direction}', forward, reverse or bidirectional is expected");
        if (activations.Any(a => a != Activation) || Activation is not ("Tanh" or "Relu"))
            throw Refuse(
                $"has activations {string.Join(", ", activations)}; Tanh or Relu, in each direction, is nn.RNN's"
            );
        if (Attribute("layout")?.I is { } layout and not 0)
            throw Refuse($"has layout {layout}, which ONNX Runtime does not run; 0 is expected");
        string[] names =
        [
            .. node.Output.Concat(["", ""]).Zip(["Y", "Y_h"], (o, kind) => o.Length > 0 ? o : $"{kind} of {Name}"),
        ];
        node.Output.Clear();
        node.Output.AddRange(names);
    }

    /// <summary>The name that messages have: its own, or that of its first output.</summary>
    public string Name { get; }

    public long H { get; }

    public string Direction { get; }

    public string Activation { get; }

    /// <summary>What all layers of nn.RNN have in common.</summary>
    public string Kind => $"{Activation}, {Direction}, of hidden_size {H}";

    public long D => Direction == "bidirectional" ? 2 : 1;

    public NonLinearities Φ => Activation == "Relu" ? NonLinearities.ReLU : NonLinearities.Tanh;

    public string X => Input(0);
    public string W => Input(1);
    public string R => Input(2);
    public string Bias => Input(3);
    public string Lengths => Input(4);
    public string H_0 => Input(5);
    public string Y => node.Output[0];
    public string Y_h => node.Output[1];

    public static string NameOf(NodeProto node) =>
        node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(o => o.Length > 0, node.OpType);

    public FixtureException Refuse(string sentence) => new($"{path}: node '{Name}' {sentence}");

    private AttributeProto? Attribute(string name) => node.Attribute.FirstOrDefault(a => a.Name == name);

    private string Input(int i) => i < node.Input.Count ? node.Input[i] : "";
}
