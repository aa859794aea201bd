using Onnx;
using Rnn.Parity.Cases;
using Rnn.Parity.Cli.Onnx;
using Rnn.Parity.Folders;
using Rnn.Parity.Tests.Folders;
using Rnn.Parity.Tests.Onnx;
using Rnn.Scratch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Fixtures;

/// <summary>ONNX Runtime's testimony: the forward pass of its RNN operator, which has no float64 and no gradient.</summary>
public static class OnnxWitness
{
    private const string Name = "onnxruntime";

    /// <summary>Writes what ONNX Runtime makes of every float32 case of a folder of fixtures.</summary>
    /// <returns>How many cases there are.</returns>
    public static int Testify(string fixtures)
    {
        var folder = Path.Combine(fixtures, "testimonies", Name);
        Directory.CreateDirectory(folder);
        string[][] environment =
        [
            ["script", "scripts/fixtures.cs testify"],
            ["engine", "ONNX Runtime"],
            ["engine_version", OnnxSession.Version],
            ["device", "cpu"],
            ["blas", "MLAS"],
        ];
        FolderWriting.WriteKeys(Path.Combine(folder, Manifest.Environment), environment);
        var count = 0;
        foreach (var path in Directory.EnumerateDirectories(Path.Combine(fixtures, "cases")))
        {
            using var scope = NewDisposeScope();
            var given = CaseFolder.Read(path);
            if (given.Case.Dtype != ScalarType.Float32)
                continue;
            FolderWriting.WriteTensors(Path.Combine(folder, $"{given.Case.Id}.csv"), Run(path, given));
            count++;
        }
        return count;
    }

    /// <summary>output and h_n, as the case lays them.</summary>
    internal static List<KeyValuePair<string, Tensor>> Run(string path, CaseFolder given)
    {
        var (c, layers) = (given.Case, Enumerable.Range(0, (int)given.Case.Options.NumLayers).ToList());
        var (model, inputs) = (Model(c, given.Tensors), Inputs(c, given.Tensors));
        List<string> values = [.. inputs.Keys, .. layers.SelectMany(k => (string[])[$"X{k}", $"Y{k}", $"Y_h{k}"])];
        var recorded = new OnnxModel(path, model)
            .Recorded(OnnxSession.Run(path, model, inputs, [.. values.Distinct()]))
            .Folder.Quantities;
        var (output, h_n) = (recorded["output"], recorded["h_n"]);
        return
        [
            new("output", c.Lengths is null ? c.AsOutput(output) : output),
            new("h_n", c.Unbatched ? h_n.squeeze(1) : h_n),
        ];
    }

    // One node is one layer: Y (T, D, B, H) is transposed and reshaped to the X of the next, (T, B, D·H).
    private static ModelProto Model(RnnCase c, CaseTensors tensors)
    {
        var o = c.Options;
        var (direction, activation) = (
            o.Bidirectional ? "bidirectional" : "forward",
            o.NonLinearity == NonLinearities.ReLU ? "Relu" : "Tanh"
        );
        List<NodeProto> nodes = [];
        List<TensorProto> initializers = [OnnxModels.Int64s("flat", 0, 0, -1)];
        for (var k = 0; k < o.NumLayers; k++)
        {
            initializers.Add(OnnxModels.Floats($"W{k}", Join(k, "weight_ih")));
            initializers.Add(OnnxModels.Floats($"R{k}", Join(k, "weight_hh")));
            if (o.Bias)
                initializers.Add(OnnxModels.Floats($"B{k}", Join(k, "bias_ih", "bias_hh")));
            nodes.AddRange([
                OnnxModels.Rnn(
                    $"X{k}",
                    k,
                    o.HiddenSize,
                    direction,
                    activation,
                    o.Bias ? $"B{k}" : "",
                    c.Lengths is null ? "" : "lengths",
                    tensors.H_0 is null ? "" : $"h_0{k}"
                ),
                OnnxModels.Node("Transpose", [$"Y{k}"], [$"T{k}"], OnnxModels.Wholes("perm", 0, 2, 1, 3)),
                OnnxModels.Node("Reshape", [$"T{k}", "flat"], [$"X{k + 1}"]),
            ]);
        }
        var inputs = Inputs(c, tensors)
            .Select(i =>
                OnnxModels.Value(
                    i.Key,
                    i.Key == "lengths" ? OnnxModels.Int : OnnxModels.Float,
                    [.. i.Value.shape.Select(n => (object)(int)n)]
                )
            );
        return OnnxModels.Model(inputs, nodes, initializers);

        // one direction above the other, (D, H, I), (D, H, H) and (D, 2H)
        Tensor Join(int k, params string[] kinds) =>
            stack([
                .. Enumerable
                    .Range(0, (int)o.NumDirections)
                    .Select(d =>
                        cat([.. kinds.Select(kind => tensors.Weights[$"{kind}_{RnnOptions.Suffix(k, d == 1)}"])], 0)
                    ),
            ]);
    }

    private static Dictionary<string, Tensor> Inputs(RnnCase c, CaseTensors tensors)
    {
        var inputs = new Dictionary<string, Tensor> { ["X0"] = c.TimeFirst(tensors.Input) };
        if (c.Lengths is not null)
            inputs["lengths"] = tensor(c.Lengths.ToArray()).type(ScalarType.Int32);
        if (tensors.H_0 is { } h_0)
            foreach (var (k, part) in (c.Unbatched ? h_0.unsqueeze(1) : h_0).split(c.Options.NumDirections).Index())
                inputs[$"h_0{k}"] = part;
        return inputs;
    }
}
