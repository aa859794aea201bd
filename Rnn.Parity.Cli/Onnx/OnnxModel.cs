using System.Runtime.InteropServices;
using Onnx;
using Rnn.Parity.Folders;
using static TorchSharp.torch.nn.utils.rnn;
using DataType = Onnx.TensorProto.Types.DataType;

namespace Rnn.Parity.Cli.Onnx;

/// <summary>An ONNX model whose RNN nodes are one nn.RNN: what ONNX Runtime makes of it, as a recorded run.</summary>
internal sealed class OnnxModel
{
    private readonly string path;
    private readonly ModelProto model;
    private readonly RnnChain chain;
    private readonly Dictionary<string, Tensor> weights = [];

    /// <summary>Takes a model, with the weights that stand in it.</summary>
    public OnnxModel(string path, ModelProto model)
    {
        (this.path, this.model, chain) = (path, model, new RnnChain(path, model.Graph));
        foreach (var layer in chain.Layers)
        {
            var (D, H) = (layer.D, layer.H);
            Take(layer, "W", layer.W, [D, H, layer == chain.Layers[0] ? null : D * H]);
            Take(layer, "R", layer.R, [D, H, H]);
            Take(layer, "B", layer.Bias, [D, 2 * H]);
        }
    }

    /// <summary>Reads a file, runs it, and returns what is to be verified.</summary>
    public static RecordedRun Record(string path)
    {
        var model = new OnnxModel(path, OnnxFile.Read(path));
        return model.Recorded(model.Run());
    }

    /// <summary>Runs the model on drawn inputs.</summary>
    /// <returns>What its RNN nodes read and wrote, by name, and weights that do not stand in the file but are computed.</returns>
    public Dictionary<string, Tensor> Run()
    {
        var I = weights.TryGetValue(chain.Layers[0].W, out var W) ? W.shape[^1] : (long?)null;
        var names = chain
            .Layers.SelectMany(l => (string[])[l.X, l.W, l.R, l.Bias, l.Lengths, l.H_0, l.Y, l.Y_h])
            .Where(name => name.Length > 0 && !weights.ContainsKey(name));
        return OnnxSession.Run(path, model, new DrawnInputs(path, chain, I).Draw(), [.. names.Distinct()]);
    }

    /// <summary>The recorded run of these values, beside this model's weights.</summary>
    public RecordedRun Recorded(IReadOnlyDictionary<string, Tensor> values)
    {
        var (layers, first) = (chain.Layers, chain.Layers[0]);
        var reversed = first.Direction == "reverse";
        var input = values[first.X];
        var (T, B, H) = (input.shape[0], input.shape[1], first.H);
        var lengths = Lengths(values, T, B);
        if (lengths is not null && reversed)
            throw first.Refuse("is reverse, with sequences of different lengths, which nn.RNN does not compute");
        List<Tensor> outputs = [.. layers.Select(l => values[l.Y].transpose(1, 2).reshape(T, B, -1))];
        foreach (var (below, layer) in outputs.Zip(layers.Skip(1)))
            if (TensorComparison.Compare("X", values[layer.X], below) is not null)
                throw layer.Refuse("reads the output of the node before it in another order than nn.RNN's layers do");

        var (I, bias) = (input.shape[2], layers.Any(l => l.Bias.Length > 0));
        var options = new RnnOptions(I, H, layers.Count, first.Φ, bias, Bidirectional: first.D == 2);
        var c = new RnnCase(Path.GetFileName(path), "an ONNX model", lengths?.Max() ?? T, B, options)
        {
            WithoutInitialState = layers.All(l => l.H_0.Length == 0),
            Lengths = lengths,
            EnforceSorted = false,
        };
        var h_0 = layers.Select(l => l.H_0.Length > 0 ? values[l.H_0] : zeros(l.D, B, H));
        var tensors = new CaseTensors(
            Weights(options, values),
            InTime(input.narrow(0, 0, c.T)),
            c.WithoutInitialState ? null : cat([.. h_0], 0),
            zeros(c.RunOutputShape),
            zeros(c.StateShape)
        );
        outputs = outputs.ConvertAll(y => lengths is null ? InTime(y) : Packed(y));
        var quantities = new Dictionary<string, Tensor>
        {
            ["output"] = outputs[^1],
            ["h_n"] = cat([.. layers.Select(l => values[l.Y_h])], 0),
        };
        c = c with { Refine = _ => tensors };
        var none = new Dictionary<string, string>();
        var folder = new CaseFolder(c, tensors, quantities, none) { Inner = new(outputs) };
        return new RecordedRun(path, folder, $"ONNX Runtime {OnnxSession.Version}");

        // One that reads from the end alone is nn.RNN on the sequence from its end.
        Tensor InTime(Tensor steps) => reversed ? steps.flip(0) : steps;

        Tensor Packed(Tensor y) => pack_padded_sequence(y, tensor(lengths!.ToArray()), false, false).data;
    }

    // By nn.RNN's names; what a node is without is zero.
    private Dictionary<string, Tensor> Weights(RnnOptions options, IReadOnlyDictionary<string, Tensor> values)
    {
        var named = new Dictionary<string, Tensor>();
        for (var k = 0; k < chain.Layers.Count; k++)
        for (var d = 0; d < chain.Layers[k].D; d++)
        {
            var (layer, suffix, H) = (chain.Layers[k], RnnOptions.Suffix(k, d == 1), options.HiddenSize);
            named[$"weight_ih_{suffix}"] = Of(layer.W)[d];
            named[$"weight_hh_{suffix}"] = Of(layer.R)[d];
            if (!options.Bias)
                continue;
            var biases = layer.Bias.Length > 0 ? Of(layer.Bias)[d] : zeros(2 * H);
            named[$"bias_ih_{suffix}"] = biases.narrow(0, 0, H);
            named[$"bias_hh_{suffix}"] = biases.narrow(0, H, H);
        }
        return named.ToDictionary(w => w.Key, w => w.Value.clone());

        Tensor Of(string name) => weights.GetValueOrDefault(name) ?? values[name];
    }

    // The lengths of the sequences, the same for all layers; null if every one is of T steps.
    private List<long>? Lengths(IReadOnlyDictionary<string, Tensor> values, long T, long B)
    {
        var full = Enumerable.Repeat((int)T, (int)B);
        var all = chain.Layers.Select(l => l.Lengths.Length == 0 ? full : values[l.Lengths].data<int>()).ToList();
        foreach (var (layer, lengths) in chain.Layers.Zip(all))
            if (lengths.Min() < 1 || !lengths.SequenceEqual(all[0]))
                throw layer.Refuse(
                    $"has sequences of {string.Join(", ", lengths)} steps; from 1 on, and for all layers the same, are expected"
                );
        return all[0].SequenceEqual(full) ? null : [.. all[0].Select(n => (long)n)];
    }

    private void Take(RnnNode layer, string input, string name, long?[] shape)
    {
        if (chain.Constant(name) is not { } proto)
            return;
        var (what, dims) = ($"has '{name}' as {input}, which is", string.Join(", ", proto.Dims));
        if ((DataType)proto.DataType is not DataType.Float and var type)
            throw layer.Refuse($"{what} {type}; Float is expected, in which ONNX Runtime has an RNN");
        if (
            proto.Dims.Count != shape.Length
            || proto.Dims.Zip(shape).Any(s => s.First < 1 || s.First != (s.Second ?? s.First))
        )
            throw layer.Refuse(
                $"{what} ({dims}); ({string.Join(", ", shape.Select(n => n is null ? "I" : $"{n}"))}) is expected"
            );
        var numbers = MemoryMarshal.Cast<byte, float>(proto.RawData.Span).ToArray().Concat(proto.FloatData).ToArray();
        if (numbers.Length != proto.Dims.Aggregate(1.0, (product, size) => product * size))
            throw layer.Refuse($"{what} ({dims}), and has {numbers.Length} numbers");
        weights[name] = tensor(numbers).reshape([.. proto.Dims]);
    }
}
