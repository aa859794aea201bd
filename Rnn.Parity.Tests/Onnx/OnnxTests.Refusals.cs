using Google.Protobuf;
using NUnit.Framework;
using Onnx;
using Rnn.Parity.Cli.Onnx;
using Rnn.Parity.Folders;
using Shouldly;
using static Rnn.Parity.Tests.Onnx.OnnxModels;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Onnx;

/// <summary>What is not nn.RNN, or is damaged, is refused in one sentence, and nothing is written.</summary>
public sealed partial class OnnxTests
{
    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Of("node 'rnn0' is of the operator LSTM", m => Rnn(m).OpType = "LSTM");
        yield return Of("node 'rnn0' is of the operator GRU", m => Rnn(m).OpType = "GRU");
        yield return Of("no node of its graph is of the operator RNN", m => Rnn(m).OpType = "Scan");
        yield return Of("no node of its graph is of the operator RNN", m => Rnn(m).Domain = "mine");
        yield return Of("node 'rnn0' has activations Sigmoid;", m => Activate(m, "Sigmoid"));
        yield return Of("node 'rnn0' has activations Tanh, Relu;", m => Activate(m, "Tanh", "Relu"));
        yield return Of("node 'rnn0' has clip, for which", m => Rnn(m).Attribute.Add(Real("clip", 1)));
        yield return Of("node 'rnn0' has input_forget,", m => Rnn(m).Attribute.Add(Whole("input_forget", 1)));
        yield return Of("node 'rnn0' has layout 1, which", m => Rnn(m).Attribute.Add(Whole("layout", 1)));
        yield return Of("node 'rnn0' has direction 'down',", m => Rnn(m).Attribute[1] = Text("direction", "down"));
        yield return Of("node 'rnn0' has hidden_size 0,", m => Rnn(m).Attribute[0].I = 0);
        yield return Of("node 'rnn0' reads 'nothing'; the first RNN", m => Rnn(m).Input[0] = "nothing");
        yield return Of("node 'rnn0' reads ''; the first RNN", m => Rnn(m).Input.Clear());
        yield return Of(
            "node 'rnn0' reads 'a', which node 'Relu of a' of the operator Relu makes",
            m => Before(m, "Relu")
        );
        yield return Of(
            "node 'rnn0' reads 'a'",
            m => m.Graph.Node.Add(Node("Identity", ["a"], [Rnn(m).Input[0] = "a"]))
        );
        yield return Of("as W, which is Float16; Float is expected", m => m.Graph.Initializer[0].DataType = 10);
        yield return Of("as R, which is Double; Float is expected", m => m.Graph.Initializer[1].DataType = 11);
        yield return Of("'R0' as R, which is (1, 5, 4); (1, 5, 5) is", m => m.Graph.Initializer[1].Dims[2] = 4);
        yield return Of("'W0' as W, which is (5, 4); (1, 5, I) is", m => m.Graph.Initializer[0].Dims.RemoveAt(0));
        yield return Of("(1, 5, 1099511627776), and has 20 numbers", m => m.Graph.Initializer[0].Dims[2] = 1L << 40);
        yield return Of("input 'x' of the graph is Int64, Float is", m => m.Graph.Input[0] = Value("x", 7, 7, 3, 4));
        yield return Of("input 'x' of the graph is Undefined", m => m.Graph.Input[0].Type.TensorType.ElemType = 0);
        yield return Of("more than 16777216 numbers", m => m.Graph.Input[0] = Value("x", 1, int.MaxValue, 3, 4));
        yield return Of("does not run it: ", m => m.Graph.Input.Add(m.Graph.Input[0].Clone()));
        yield return Of("input 'y' of the graph has dimension 0 open", m => m.Graph.Input.Add(Value("y", 1, "n")));
        yield return Of("does not run it: ", m => m.OpsetImport[0].Version = 6);
        yield return Of("does not run it: ", m => m.OpsetImport[0].Version = 99);
        yield return Of("does not run it: ", m => m.Graph.Node.Add(Node("Unheard", ["Y0"], ["z"])));
        yield return Of("does not run it: ", m => m.Graph.Input[0] = Value("x", 1, 7, 3, 5));
        yield return Of("node 'rnn0' is reverse, with sequences of different", m => Shorten(m, "reverse", 2, 3, 7));
        yield return Of("node 'rnn0' has sequences of 0, 3, 7 steps;", m => Shorten(m, "forward", 0, 3, 7));
        yield return Of("node 'rnn1' reads 'x'; in a chain", m => Second(m, "x", "forward"));
        yield return Of("node 'rnn1' reads 'Y_h0', which node 'rnn0'", m => Second(m, "Y_h0", "forward"));
        yield return Of(
            "node 'rnn1' is Tanh, reverse, of hidden_size 5, and node 'rnn0' Tanh, forward,",
            m => Second(m, "s", "reverse")
        );

        static TestCaseData Of(string sentence, Action<ModelProto> spoil) => new(sentence, spoil);
    }

    [TestCaseSource(nameof(Refused))]
    public void What_is_not_nn_RNN_or_does_not_run_is_a_sentence(string sentence, Action<ModelProto> spoil)
    {
        var model = OneLayer();
        spoil(model);
        Write(model);
        Refuse($"{ModelFile}: ", sentence);
    }

    [Test]
    public void Layers_that_are_joined_in_another_order_are_no_chain()
    {
        var model = TwoLayers();
        model.Graph.Node.Single(n => n.Output[0] == "T0").Attribute[0] = Wholes("perm", 0, 2, 3, 1);
        Write(model);
        Refuse("", "node 'rnn1' reads the output of the node before it in another order than nn.RNN's layers do");
    }

    [TestCase("missing.bin", "initializer 'W0' lies in 'missing.bin', which is missing")]
    [TestCase("../model.onnx", "initializer 'W0' lies in '../model.onnx', which leads out of the folder")]
    [TestCase("/etc/passwd", "initializer 'W0' lies in '/etc/passwd', which leads out of the folder")]
    [TestCase("/", "initializer 'W0' lies in '/', which leads out of the folder")]
    [TestCase("link/other.bin", "initializer 'W0' lies in 'link/other.bin', which leads out of the folder")]
    [TestCase("short.bin", "initializer 'W0' lies in 'short.bin', which ends before what it announces")]
    [TestCase("short.bin", "its offset is '-1', a whole number is expected", -1)]
    public void Weights_that_lie_nowhere_are_a_sentence(string location, string sentence, int offset = 8)
    {
        File.WriteAllBytes(Path.Combine(root, "short.bin"), new byte[4]);
        Directory.CreateSymbolicLink(Path.Combine(root, "link"), Directory.GetCurrentDirectory());
        var model = OneLayer();
        model.Graph.Initializer[0] = External(model.Graph.Initializer[0], location, offset);
        Write(model);
        Refuse(ModelFile, sentence);
    }

    [Test]
    public void A_file_that_is_no_model_is_a_sentence()
    {
        Refuse("", "model.onnx: the file is missing");
        var whole = OneLayer().ToByteArray();
        foreach (var bytes in new[] { whole[..^1], whole[..(whole.Length / 2)], "no model\n"u8.ToArray() })
        {
            File.WriteAllBytes(ModelFile, bytes);
            Refuse("", "model.onnx: is no ONNX model, or is truncated: ");
        }
        // graph, of 2^31 − 1 bytes
        File.WriteAllBytes(ModelFile, [0x3a, 0xff, 0xff, 0xff, 0xff, 0x07, 0x0a]);
        Refuse("", "model.onnx: is no ONNX model, or is truncated: ");
        File.WriteAllBytes(ModelFile, []);
        Refuse("", "model.onnx: has no graph, an ONNX model is expected");
        using (var large = File.OpenWrite(ModelFile))
            large.SetLength(1L << 31);
        Refuse("", "model.onnx: is larger than 1 GiB, which is not certified");
    }

    [Test]
    public void A_certificate_does_not_replace_the_model()
    {
        Write(OneLayer());
        var (status, _, errors) = ParityProcess.Within("verify", ModelFile, "--certificate", ModelFile);
        status.ShouldBe(2);
        errors.ShouldContain("it is there, and is no certificate; another place is expected");
        OnnxFile.Read(ModelFile).Graph.Node.Count.ShouldBe(1);
    }

    [Test]
    public void A_damaged_model_is_a_sentence_or_a_model()
    {
        var lengths = OneLayer("bidirectional", "Relu", 14, "B0", "lengths");
        lengths.Graph.Initializer.Add(Int32s("lengths", 2, 5, 3));
        byte[][] wholes = [TwoLayers().ToByteArray(), lengths.ToByteArray()];
        var (random, refused) = (new Random(1), 0);
        for (var i = 0; i < 300; i++)
        {
            using var each = NewDisposeScope();
            var damaged = wholes[i % 2].ToArray();
            for (var k = random.Next(1, 4); k > 0; k--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(ModelFile, random.Next(8) == 0 ? damaged[..random.Next(damaged.Length)] : damaged);
            try
            {
                OnnxModel.Record(ModelFile);
            }
            catch (FixtureException e)
            {
                refused++;
                e.Message.ShouldStartWith(ModelFile);
                e.Message.ShouldNotContain('\n');
            }
        }
        refused.ShouldBeInRange(75, 299);
    }

    // One sentence, the status of bad input, and nothing is written.
    private void Refuse(string beginning, string sentence)
    {
        var before = Directory.GetFiles(root);
        var (status, _, errors) = ParityProcess.Within(
            "verify",
            ModelFile,
            "--certificate",
            Path.Combine(root, "verify.csv")
        );
        status.ShouldBe(2, errors);
        errors.ShouldStartWith(beginning);
        errors.ShouldContain(sentence);
        errors.Trim().ShouldNotContain('\n');
        Directory.GetFiles(root).ShouldBe(before, ignoreOrder: true);
    }

    private static void Activate(ModelProto model, params string[] activations) =>
        Rnn(model).Attribute[2] = Texts("activations", activations);

    private static void Before(ModelProto model, string type)
    {
        Rnn(model).Input[0] = "a";
        model.Graph.Node.Add(Node(type, ["x"], ["a"]));
    }

    private static void Shorten(ModelProto model, string direction, params int[] lengths)
    {
        Rnn(model).Attribute[1] = Text("direction", direction);
        Rnn(model).Input.Add("lengths");
        model.Graph.Initializer.Add(Int32s("lengths", lengths));
    }

    private static void Second(ModelProto model, string x, string direction)
    {
        model.Graph.Node.Add(Node("Squeeze", ["Y0", "one"], ["s"]));
        model.Graph.Node.Add(OnnxModels.Rnn(x, 1, 5, direction, "Tanh", "B1"));
        model.Graph.Initializer.AddRange([
            Int64s("one", 1),
            Drawn("W1", 1, 5, 5),
            Drawn("R1", 1, 5, 5),
            Drawn("B1", 1, 10),
        ]);
    }
}
