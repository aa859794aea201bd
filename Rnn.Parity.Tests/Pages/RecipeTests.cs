using System.Collections;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using TorchSharp.Modules;
using TorchSharp.PyBridge;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Pages;

/// <summary>docs/recipes.md, whose methods stand here as they stand there.</summary>
[NonParallelizable]
public sealed partial class RecipeTests
{
    private string file = "";

    [SetUp]
    public void Name() => file = Path.GetTempFileName();

    [TearDown]
    public void Delete()
    {
        File.Delete(file);
        File.Delete(file + "2");
    }

    [Test]
    public void The_page_has_each_method_as_it_is_here()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "recipes.md")).ReplaceLineEndings("\n");
        var code = File.ReadAllText(Path.Combine(Repository.Root, "Rnn.Parity.Tests", "Pages", "RecipeTests.cs"))
            .ReplaceLineEndings("\n");
        var blocks = page.Split("\n```csharp\n").Skip(1).Select(block => block.Split("\n```")[0]).ToList();
        blocks[0].Split('\n').ShouldBeSubsetOf(code.Split('\n'));
        var methods = Method()
            .Matches(code)
            .Select(m => m.Groups[1].Value.Replace("\n    ", "\n", StringComparison.Ordinal));
        blocks.Skip(1).ShouldBe(methods);
        blocks.ShouldAllBe(block => block.Split('\n').Length <= 15);
    }

    [Test]
    public void Every_file_is_loaded_into_both()
    {
        using var scope = NewDisposeScope();
        var rnn = RNN(3, 4, 2, bidirectional: true);
        var model = rnn.state_dict().ToDictionary(entry => "encoder." + entry.Key, entry => entry.Value);
        model.Add("head.weight", rand(1, 8));
        rnn.save_py(file);
        Same(FromPyTorch(file), rnn);
        PyTorchPickler.PickleStateDict(file, model);
        Same(FromPyTorchsModel(file), rnn);
        Safetensors.SaveStateDict(file, model);
        Same(FromSafetensors(file), rnn);
        rnn.save(file);
        Same(FromTorchSharp(file), rnn);
    }

    [Test]
    [Long("starts Python with PyTorch to save a model")]
    public void What_PyTorch_itself_has_saved_is_loaded_into_both()
    {
        using var python = TorchPython.Start();
        if (python is null)
            Assert.Ignore("there is no /usr/bin/python3 with torch");
        using var scope = NewDisposeScope();
        var rnn = RNN(3, 4, 2, bidirectional: true);
        rnn.save_py(file);
        var (status, output) = python!.Execute(
            $"""
            rnn = torch.nn.RNN(3, 4, 2, bidirectional=True)
            rnn.load_state_dict(torch.load('{file}'))
            torch.save(rnn.state_dict(), '{file}')
            torch.save(torch.nn.ModuleDict(dict(encoder=rnn, head=torch.nn.Linear(8, 1))).state_dict(), '{file}2')
            """
        );
        status.ShouldBe(0, output);
        Same(FromPyTorch(file), rnn);
        Same(FromPyTorchsModel(file + "2"), rnn);
    }

    [Test]
    public void Keras_weights_give_what_Keras_equation_gives()
    {
        using var scope = NewDisposeScope();
        // small integers, so that nothing rounds
        var (kernel, recurrent, bias) = (
            new float[,]
            {
                { 1, -2, 3 },
                { 0, 4, -1 },
            },
            new float[,]
            {
                { 0, 1, -2 },
                { 3, 0, 1 },
                { -1, 2, 0 },
            },
            new float[] { 1, 0, -1 }
        );
        var x = new float[,]
        {
            { 1, 2 },
            { -3, 1 },
            { 2, 2 },
        };
        var (output, _) = FromKeras(kernel, recurrent, bias, NonLinearities.ReLU).call(tensor(x).unsqueeze(0));
        var h = new float[3];
        for (var t = 0; t < 3; t++)
        {
            var next = new float[3];
            for (var unit = 0; unit < 3; unit++)
            {
                var z = bias[unit];
                for (var i = 0; i < 2; i++)
                    z += x[t, i] * kernel[i, unit];
                for (var j = 0; j < 3; j++)
                    z += h[j] * recurrent[j, unit];
                next[unit] = Math.Max(0, z);
            }
            h = next;
            TensorComparison.Compare($"h_{t + 1}", output[0, t], tensor(h)).ShouldBeNull();
        }
        h.ShouldContain(value => value != 0);
    }

    // The methods of the page.

    private static (ParameterRnn, RNN) FromPyTorch(string file)
    {
        var ours = new ParameterRnn(new(InputSize: 3, HiddenSize: 4, NumLayers: 2, Bidirectional: true));
        var theirs = nn.RNN(3, 4, 2, bidirectional: true);
        ours.load_py(file);
        theirs.load_py(file);
        return (ours, theirs);
    }

    private static (ParameterRnn, RNN) FromPyTorchsModel(string file)
    {
        var weights = new Dictionary<string, Tensor>();
        foreach (DictionaryEntry entry in PyTorchUnpickler.UnpickleStateDict(file))
            if (
                entry is { Key: string name, Value: Tensor weight }
                && name.StartsWith("encoder.", StringComparison.Ordinal)
            )
                weights.Add(name["encoder.".Length..], weight);
        var ours = new ParameterRnn(new(InputSize: 3, HiddenSize: 4, NumLayers: 2, Bidirectional: true));
        var theirs = nn.RNN(3, 4, 2, bidirectional: true);
        ours.load_state_dict(weights);
        theirs.load_state_dict(weights);
        return (ours, theirs);
    }

    private static (ParameterRnn, RNN) FromSafetensors(string file)
    {
        var weights = Safetensors
            .LoadStateDict(file)
            .Where(entry => entry.Key.StartsWith("encoder.", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key["encoder.".Length..], entry => entry.Value);
        var ours = new ParameterRnn(new(InputSize: 3, HiddenSize: 4, NumLayers: 2, Bidirectional: true));
        var theirs = nn.RNN(3, 4, 2, bidirectional: true);
        ours.load_state_dict(weights);
        theirs.load_state_dict(weights);
        return (ours, theirs);
    }

    private static (ParameterRnn, RNN) FromTorchSharp(string file)
    {
        var ours = new ParameterRnn(new(InputSize: 3, HiddenSize: 4, NumLayers: 2, Bidirectional: true));
        var theirs = nn.RNN(3, 4, 2, bidirectional: true);
        ours.load(file);
        theirs.load(file);
        return (ours, theirs);
    }

    private static ParameterRnn FromKeras(float[,] K, float[,] R, float[] b, NonLinearities activation)
    {
        var weights = new Dictionary<string, Tensor>
        {
            ["weight_ih_l0"] = tensor(K).t(),
            ["weight_hh_l0"] = tensor(R).t(),
            ["bias_ih_l0"] = tensor(b),
            ["bias_hh_l0"] = zeros(b.Length),
        };
        var (I, H) = (K.GetLength(0), K.GetLength(1));
        var rnn = new ParameterRnn(new(I, H, NonLinearity: activation, BatchFirst: true));
        rnn.load_state_dict(weights);
        return rnn;
    }

    // The end of the methods of the page.

    private static void Same((ParameterRnn ours, RNN theirs) loaded, RNN saved)
    {
        var x = rand(5, 2, 3);
        var (output, h_n) = saved.call(x, null);
        foreach (var (y, h) in new[] { loaded.ours.call(x), loaded.theirs.call(x, null) })
        {
            TensorComparison.Compare("output", y, output).ShouldBeNull();
            TensorComparison.Compare("h_n", h, h_n).ShouldBeNull();
        }
    }

    [GeneratedRegex(@"\n    (private static \S.* From\w+\(.*\)\n    \{\n(?:        .*\n)+    \})")]
    private static partial Regex Method();
}
