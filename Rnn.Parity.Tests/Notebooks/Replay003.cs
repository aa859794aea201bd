using Rnn.Scratch.Notebooks;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>Document 003 again from its seeds 15, 13 and 12: the functions' tensors and both Linear objects.</summary>
public static class Replay003
{
    /// <summary>The first word's embedding, (4, 1).</summary>
    public static Tensor FirstEmbedding()
    {
        manual_seed(15);
        return randn(4, 1);
    }

    /// <summary>The state before the first word, (1, 1).</summary>
    public static Tensor InitialState()
    {
        manual_seed(13);
        return randn(1, 1);
    }

    /// <summary>The weights w_h (1, 1) and w_e (4, 1).</summary>
    public static (Tensor w_h, Tensor w_e) Weights()
    {
        manual_seed(12);
        var w_h = randn(1, 1);
        return (w_h, randn(4, 1));
    }

    /// <summary>The five embeddings, (4, 5).</summary>
    public static Tensor Embeddings()
    {
        manual_seed(13);
        for (var i = 0; i < 20; i++)
            randn(1).Dispose();
        return randn(4, 5);
    }

    /// <summary>The object of one neuron and, drawn right after it, the one of two; neither has taken a step.</summary>
    public static (LinearHistoryRnn one, LinearHistoryRnn two) Objects()
    {
        manual_seed(12);
        for (var i = 0; i < 122; i++)
            rand(1).Dispose();
        var one = new LinearHistoryRnn(4, 1);
        return (one, new LinearHistoryRnn(4, 2));
    }

    /// <summary>The weights of an object under nn.RNN's names.</summary>
    public static Dictionary<string, Tensor> WeightsOf(LinearHistoryRnn rnn)
    {
        ArgumentNullException.ThrowIfNull(rnn);
        return new()
        {
            ["weight_ih_l0"] = rnn.We.weight!,
            ["weight_hh_l0"] = rnn.Wh.weight!,
            ["bias_ih_l0"] = rnn.We.bias!,
            ["bias_hh_l0"] = rnn.Wh.bias!,
        };
    }
}
