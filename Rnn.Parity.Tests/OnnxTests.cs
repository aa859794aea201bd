using Google.Protobuf;
using NUnit.Framework;
using Onnx;
using Rnn.Parity.Cli;
using Rnn.Parity.Cli.Onnx;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using Rnn.Parity.Reporting;
using Shouldly;
using static Rnn.Parity.Tests.OnnxModels;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>Models of ONNX: what ONNX Runtime makes of their RNN nodes is certified; what is not nn.RNN is refused in a sentence.</summary>
public sealed class OnnxTests
{
    private string root = "";
    private TorchSharp.DisposeScope scope = null!;

    private string ModelFile => Path.Combine(root, "model.onnx");

    [SetUp]
    public void Create() => (root, scope) = (Directory.CreateTempSubdirectory().FullName, NewDisposeScope());

    [TearDown]
    public void Delete()
    {
        scope.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [TestCase("forward", "Tanh", 8)]
    [TestCase("forward", "Relu", 0)]
    [TestCase("reverse", "Tanh", 8)]
    [TestCase("bidirectional", "Relu", 0)]
    [TestCase("bidirectional", "Tanh", 8)]
    public void One_layer_is_certified_beside_ours_and_nn_RNN(string direction, string activation, int tanhError)
    {
        var results = Certified(OneLayer(direction, activation), out var run);
        results.Count.ShouldBe(8);
        results[0].Finding.TanhError.ShouldBe(tanhError);
        results[^1].Check.Subject.ShouldBe("nn.RNN");
        run.Engine.ShouldStartWith("ONNX Runtime 1.");
        run.Folder.Case.InputShape.ShouldBe([7, 3, 4], "T and B are free");
        run.Folder.Quantities.Keys.ShouldBe(["output", "h_n"]);
    }

    [Test]
    public void Weights_have_the_names_of_nn_RNN()
    {
        Certified(OneLayer("bidirectional"), out var run);
        IEnumerable<float> Numbers(string name) => run.Folder.Tensors.Weights[name].data<float>();
        var (W, R, B) = (Drawn("W0", 2, 5, 4).FloatData, Drawn("R0", 2, 5, 5).FloatData, Drawn("B0", 2, 10).FloatData);
        Numbers("weight_ih_l0").ShouldBe(W.Take(20));
        Numbers("weight_ih_l0_reverse").ShouldBe(W.Skip(20));
        Numbers("weight_hh_l0_reverse").ShouldBe(R.Skip(25));
        Numbers("bias_ih_l0").ShouldBe(B.Take(5));
        Numbers("bias_hh_l0").ShouldBe(B.Skip(5).Take(5));
        Numbers("bias_hh_l0_reverse").ShouldBe(B.Skip(15));
    }

    [TestCase(7)]
    [TestCase(13)]
    [TestCase(22)]
    public void Every_opset_in_which_ONNX_Runtime_has_an_RNN_will_do(int opset) =>
        Certified(OneLayer(opset: opset), out _);

    [Test]
    public void Two_layers_as_PyTorch_writes_them_are_certified_layer_by_layer()
    {
        Certified(TwoLayers(), out var run);
        var c = run.Folder.Case;
        (c.Options.NumLayers, c.Options.Bidirectional, c.T, c.B).ShouldBe((2, true, 6, 3));
        c.WithoutInitialState.ShouldBeFalse();
        run.Folder.Inner!.Outputs.Count.ShouldBe(2);
        run.Folder.Quantities["h_n"].shape.ShouldBe([4, 3, 5]);
        run.Folder.Tensors.H_0!.abs().min().item<float>().ShouldBeGreaterThan(0);
    }

    [Test]
    public void A_sequence_with_the_batch_first_is_transposed_before_the_first_layer()
    {
        var model = OneLayer();
        model.Graph.Input[0] = Value("batches", Float, "batch", 6, 4);
        model.Graph.Node.Insert(0, Node("Transpose", ["batches"], ["x"], Wholes("perm", 1, 0, 2)));
        Certified(model, out var run);
        run.Folder.Case.InputShape.ShouldBe([6, 3, 4]);
    }

    [Test]
    public void A_sequence_without_a_batch_is_one_of_a_batch_of_one()
    {
        var model = OneLayer();
        model.Graph.Input[0] = Value("alone", Float, "time", 4);
        model.Graph.Initializer.Add(Int64s("axis", 1));
        model.Graph.Node.Insert(0, Node("Unsqueeze", ["alone", "axis"], ["x"]));
        Certified(model, out var run);
        run.Folder.Case.InputShape.ShouldBe([7, 1, 4]);
    }

    [Test]
    public void What_a_node_is_without_is_zero_or_nothing()
    {
        Certified(OneLayer(others: [""]), out var run);
        run.Folder.Case.Options.Bias.ShouldBeFalse();
        run.Folder.Case.WithoutInitialState.ShouldBeTrue();

        var two = TwoLayers();
        var upper = two.Graph.Node.Last(n => n.OpType == "RNN");
        (upper.Input[3], upper.Input[5]) = ("", "");
        upper.Output.RemoveAt(1);
        Certified(two, out run);
        run.Folder.Tensors.Weights["bias_hh_l1"].abs().max().item<float>().ShouldBe(0);
        run.Folder.Tensors.H_0![3].abs().max().item<float>().ShouldBe(0);
        run.Folder.Tensors.H_0![1].abs().max().item<float>().ShouldNotBe(0);
    }

    [Test]
    public void The_initial_state_may_be_an_input_or_stand_in_the_file()
    {
        var model = OneLayer(others: ["B0", "", "h_0"]);
        var input = model.Clone();
        input.Graph.Input.Add(Value("h_0", Float, 1, "batch", 5));
        Certified(input, out var run);
        run.Folder.Tensors.H_0!.shape.ShouldBe([1, 3, 5]);

        model.Graph.Initializer.Add(Drawn("h_0", 1, 2, 5));
        model.Graph.Input[0] = Value("x", Float, "time", 2, 4);
        Certified(model, out run);
        run.Folder.Tensors.H_0!.data<float>().ShouldBe(Drawn("h_0", 1, 2, 5).FloatData);
    }

    [TestCase("forward")]
    [TestCase("bidirectional")]
    public void Lengths_that_stand_in_the_file_are_packed_sequences(string direction)
    {
        var model = OneLayer(direction, others: ["B0", "lengths"]);
        model.Graph.Initializer.Add(Int32s("lengths", 2, 5, 3));
        Certified(model, out var run);
        run.Folder.Case.Lengths.ShouldBe([2, 5, 3]);
        run.Folder.Case.T.ShouldBe(5, "the longest");
        run.Folder.Quantities["output"].shape[0].ShouldBe(10);
    }

    [Test]
    public void Lengths_that_are_an_input_are_drawn_and_full_ones_are_no_packing()
    {
        var model = OneLayer(others: ["B0", "lengths"]);
        var full = model.Clone();
        model.Graph.Input.Add(Value("lengths", (int)TensorProto.Types.DataType.Int32, "batch"));
        Certified(model, out var run);
        run.Folder.Case.Lengths.ShouldBe([7, 6, 5]);

        full.Graph.Initializer.Add(Int32s("lengths", 7, 7, 7));
        Certified(full, out run);
        run.Folder.Case.Lengths.ShouldBeNull();
    }

    [Test]
    public void Weights_may_be_constants_or_be_computed_or_lie_in_another_file()
    {
        var model = OneLayer();
        var expected = Weights(model);
        var (W, R) = (model.Graph.Initializer[0], model.Graph.Initializer[1]);
        model.Graph.Initializer.Clear();
        model.Graph.Initializer.AddRange([Drawn("B0", 1, 10), External(R, "weights.bin", offset: 8)]);
        var constant = new AttributeProto
        {
            Name = "value",
            T = W,
            Type = AttributeProto.Types.AttributeType.Tensor,
        };
        model.Graph.Node.Insert(0, Node("Constant", [], ["W0"], constant));
        File.WriteAllBytes(Path.Combine(root, "weights.bin"), [.. new byte[8], .. Bytes(R), .. new byte[3]]);
        Write(model);
        Weights(OnnxFile.Read(ModelFile)).ShouldBe(expected);

        model.Graph.Node[0].Output[0] = "made";
        model.Graph.Node.Insert(1, Node("Neg", ["made"], ["minus"]));
        model.Graph.Node.Insert(2, Node("Neg", ["minus"], ["W0"]));
        Write(model);
        Weights(OnnxFile.Read(ModelFile)).ShouldBe(expected);
    }

    [Test]
    public void A_model_whose_weights_are_others_than_those_that_ran_differs_and_is_named()
    {
        var ran = TwoLayers();
        var (right, values) = (new OnnxModel("ran", ran), new OnnxModel("ran", ran.Clone()).Run());
        Verification.OfItself(right.Recorded(values)).Evidence.ShouldBe(Evidence.Certified);

        var transposed = ran.Clone();
        var R = transposed.Graph.Initializer.Single(t => t.Name == "R0");
        var numbers = Drawn("R0", 2, 5, 5).FloatData;
        R.RawData = ByteString.Empty;
        foreach (var d in new[] { 0, 25 })
        foreach (var i in Enumerable.Range(0, 5))
        foreach (var j in Enumerable.Range(0, 5))
            R.FloatData.Add(numbers[d + 5 * j + i]);
        var finding = Verification.OfItself(new OnnxModel("other", transposed).Recorded(values));
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation!.ShouldContain("by ONNX Runtime ");
        finding.Explanation!.ShouldContain("h in layer 0, forward, step 0");
        finding.Explanation!.ShouldContain("the term W_hh h has W_hh transposed: another function");
    }

    [Test]
    public void A_bias_that_did_not_run_is_named_and_so_is_another_final_state()
    {
        var ran = OneLayer("reverse", "Relu");
        var values = new OnnxModel("ran", ran.Clone()).Run();
        for (var i = 5; i < 10; i++)
            ran.Graph.Initializer[2].FloatData[i] = 0;
        var without = new OnnxModel("without", ran.Clone()).Run();
        var whole = new OnnxModel("whole", OneLayer("reverse", "Relu"));
        Verification.OfItself(whole.Recorded(without)).Explanation!.ShouldContain("the term b_hh is missing");

        values["Y_h0"] = values["Y0"][6];
        Verification.OfItself(whole.Recorded(values)).Explanation!.ShouldContain("it is the state of step 0, not of 6");
    }

    [Test]
    public void The_command_certifies_a_file_and_says_so_in_the_certificate()
    {
        Write(TwoLayers());
        var certificate = Path.Combine(root, "verify.csv");
        new CommandLine(TextWriter.Null).Verify([ModelFile], certificate, Shard.Whole).ShouldBe(0);
        var rows = File.ReadAllLines(certificate);
        rows.Length.ShouldBe(9);
        rows[1].ShouldStartWith($"recorded,-,{ModelFile},the recorded run,the equation,cpu,certified,yes,");
        rows[8].ShouldStartWith($"recorded,-,{ModelFile},nn.RNN,ONNX Runtime 1.");
    }

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
    [TestCase("short.bin", "initializer 'W0' lies in 'short.bin', which ends before what it announces")]
    [TestCase("short.bin", "its offset is '-1', a whole number is expected", -1)]
    public void Weights_that_lie_nowhere_are_a_sentence(string location, string sentence, int offset = 8)
    {
        File.WriteAllBytes(Path.Combine(root, "short.bin"), new byte[4]);
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
        errors.ShouldContain("which is verified; another place is expected");
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

    private static List<Result> Certified(ModelProto model, out RecordedRun run)
    {
        var read = new OnnxModel("model.onnx", model);
        run = read.Recorded(read.Run());
        var results = Verification.Of(run);
        foreach (var result in results)
            (result.Holds && result.Finding.Evidence >= Evidence.Certified).ShouldBeTrue(result.Finding.Explanation);
        return [.. results];
    }

    private static float[] Weights(ModelProto model)
    {
        Certified(model, out var run);
        return [.. run.Folder.Tensors.Weights.Values.SelectMany(w => w.data<float>())];
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

    private void Write(ModelProto model) => File.WriteAllBytes(ModelFile, model.ToByteArray());

    private static NodeProto Rnn(ModelProto model) => model.Graph.Node[0];

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

    private static TensorProto External(TensorProto tensor, string location, int offset)
    {
        var external = new TensorProto(tensor) { DataLocation = TensorProto.Types.DataLocation.External };
        external.FloatData.Clear();
        foreach (
            var (key, value) in new[]
            {
                ("location", location),
                ("offset", $"{offset}"),
                ("length", $"{tensor.FloatData.Count * 4}"),
            }
        )
            external.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        return external;
    }
}
