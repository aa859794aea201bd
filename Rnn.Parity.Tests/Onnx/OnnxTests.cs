using Google.Protobuf;
using NUnit.Framework;
using Onnx;
using Rnn.Parity.Cli;
using Rnn.Parity.Cli.Onnx;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using Rnn.Parity.Reporting;
using Shouldly;
using static Rnn.Parity.Tests.Onnx.OnnxModels;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Onnx;

/// <summary>Models of ONNX: what ONNX Runtime makes of their RNN nodes is certified; what is not nn.RNN is refused in a sentence.</summary>
public sealed partial class OnnxTests
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

    // What is recorded of an input lies in the memory of what was given, which a collection may move when nothing holds it.
    [Test]
    public void What_it_was_fed_is_recorded_whatever_is_collected_meanwhile()
    {
        var fed = ones(7, 3, 4);
        var inputs = new Dictionary<string, Tensor> { ["x"] = fed };
        var values = OnnxSession.Run("model", OneLayer(), inputs, new Collecting("x"));
        TensorComparison.Compare("x", values["x"], fed).ShouldBeNull();
    }

    /// <summary>A name; whoever asks for it has all collected first that nothing holds, and the place filled.</summary>
    private sealed class Collecting(string name) : IReadOnlyCollection<string>
    {
        private readonly List<byte[]> filling = [];

        public int Count => 1;

        public IEnumerator<string> GetEnumerator()
        {
            for (var i = 0; i < 20; i++)
            {
                GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
                for (var k = 0; k < 1000; k++)
                    filling.Add(new byte[336]);
            }
            yield return name;
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
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

    private void Write(ModelProto model) => File.WriteAllBytes(ModelFile, model.ToByteArray());

    private static NodeProto Rnn(ModelProto model) => model.Graph.Node[0];

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
