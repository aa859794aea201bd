using Onnx;
using Rnn.Parity.Folders;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cli.Onnx;

/// <summary>
/// A node of the operator RNN, one layer of nn.RNN, by the names of its values: X (T, B, I), W (D, H, I), R (D, H, H), B (D, 2H),
/// sequence_lens (B) and initial_h (D, B, H) give Y (T, D, B, H) and Y_h (D, B, H).
/// </summary>
internal sealed class RnnNode
{
    private readonly string path;
    private readonly NodeProto node;

    /// <summary>Takes a node, and gives names to Y and Y_h where it has none.</summary>
    /// <exception cref="FixtureException">It has what nn.RNN has not, or what ONNX Runtime does not run.</exception>
    public RnnNode(string path, NodeProto node)
    {
        (this.path, this.node) = (path, node);
        Name = NameOf(node);
        string[] activations = [];
        foreach (var a in node.Attribute)
            switch (a.Name)
            {
                case "hidden_size":
                    H = a.I;
                    break;
                case "direction":
                    Direction = a.S.ToStringUtf8();
                    break;
                case "activations":
                    activations = [.. a.Strings.Select(s => s.ToStringUtf8())];
                    break;
                case "layout" when a.I != 0:
                    throw Refuse($"has layout {a.I}, which ONNX Runtime does not run; 0 is expected");
                case "layout":
                    break;
                default:
                    throw Refuse($"has {a.Name}, for which nn.RNN has nothing");
            }
        if (H is < 1 or > int.MaxValue)
            throw Refuse($"has hidden_size {H}, a size from 1 on is expected");
        if (Direction is not ("forward" or "reverse" or "bidirectional"))
            throw Refuse($"has direction '{Direction}', forward, reverse or bidirectional is expected");
        Activation = activations.FirstOrDefault("Tanh");
        if (activations.Any(a => a != Activation) || Activation is not ("Tanh" or "Relu"))
            throw Refuse(
                $"has activations {string.Join(", ", activations)}; Tanh or Relu, in each direction, is nn.RNN's"
            );
        while (node.Output.Count < 2)
            node.Output.Add("");
        for (var i = 0; i < 2; i++)
            if (node.Output[i].Length == 0)
                node.Output[i] = $"{(i == 0 ? "Y" : "Y_h")} of {Name}";
    }

    /// <summary>The name that messages have: its own, or that of its first output.</summary>
    public string Name { get; }

    /// <summary>H.</summary>
    public long H { get; }

    /// <summary>forward, reverse or bidirectional.</summary>
    public string Direction { get; } = "forward";

    /// <summary>Tanh or Relu.</summary>
    public string Activation { get; }

    /// <summary>D.</summary>
    public long D => Direction == "bidirectional" ? 2 : 1;

    /// <summary>φ.</summary>
    public NonLinearities Φ => Activation == "Relu" ? NonLinearities.ReLU : NonLinearities.Tanh;

    public string X => Input(0);

    public string W => Input(1);

    public string R => Input(2);

    /// <summary>b_ih, then b_hh; empty if there is none.</summary>
    public string Bias => Input(3);

    /// <summary>sequence_lens; empty if there is none.</summary>
    public string Lengths => Input(4);

    /// <summary>initial_h; empty if there is none.</summary>
    public string H_0 => Input(5);

    public string Y => node.Output[0];

    public string Y_h => node.Output[1];

    /// <summary>A node's own name, or that of its first output.</summary>
    public static string NameOf(NodeProto node) =>
        node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(o => o.Length > 0, node.OpType);

    /// <summary>The exception of a sentence about this node.</summary>
    public FixtureException Refuse(string sentence) => new($"{path}: node '{Name}' {sentence}");

    private string Input(int i) => i < node.Input.Count ? node.Input[i] : "";
}
