using Rnn.Scratch.Notebooks;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>Document 001 again from its seed 42: the input, the scratch cell, and nn.RNN.</summary>
public sealed class Replay001 : IDisposable
{
    // The notebook's cell had been run seven times in all when nn.RNN was built.
    private const int Constructions = 7;

    /// <summary>Seeds the global generator and draws as the document does.</summary>
    public Replay001()
    {
        manual_seed(42);
        Data = rand(30, 2).DetachFromDisposeScope();
        Scratch = new ScalarBiasRnn(2, 1);
        for (var i = 1; i < Constructions; i++)
            new ScalarBiasRnn(2, 1).Dispose();
        Rnn = nn.RNN(2, 1);
    }

    /// <summary>The input, (30, 2).</summary>
    public Tensor Data { get; }

    /// <summary>The document's own cell.</summary>
    public ScalarBiasRnn Scratch { get; }

    /// <summary>The document's nn.RNN.</summary>
    public TorchSharp.Modules.RNN Rnn { get; }

    /// <summary>The weights of the scratch cell under nn.RNN's names; with one unit a scalar bias is a bias.</summary>
    public Dictionary<string, Tensor> ScratchWeights =>
        new()
        {
            ["weight_ih_l0"] = Scratch.Wax,
            ["weight_hh_l0"] = Scratch.Waa,
            ["bias_ih_l0"] = Scratch.Bax,
            ["bias_hh_l0"] = Scratch.Baa,
        };

    /// <inheritdoc/>
    public void Dispose()
    {
        Data.Dispose();
        Scratch.Dispose();
        Rnn.Dispose();
    }
}
