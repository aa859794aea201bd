using Rnn.Parity.Cases;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>The configurations of the five documents, with their own sizes, inputs and, where a seed gives them, weights.</summary>
public static class NotebookCases
{
    private static readonly float[] steps000 =
    [
        0,
        1,
        2,
        0,
        3,
        4,
        5,
        0,
        6,
        7,
        8,
        0,
        9,
        0,
        1,
        0,
        9,
        8,
        7,
        0,
        0,
        0,
        0,
        0,
        6,
        5,
        4,
        0,
        3,
        2,
        1,
        0,
    ];

    /// <summary>Every case, in the order of the documents.</summary>
    public static IReadOnlyList<RnnCase> All { get; } =
    [
        new(
            "000-one-neuron",
            "two steps from a state of zero; an eighth of the weights, as the inputs reach 9",
            2,
            4,
            new(4, 1)
        )
        {
            Document = "000",
            WithoutInitialState = true,
            Refine = t => Eighth(t) with { Input = tensor(steps000, [2, 4, 4]).type(t.Input.dtype) },
        },
        new("000-five-neurons", "the same with three inputs and five units", 2, 4, new(3, 5))
        {
            Document = "000",
            WithoutInitialState = true,
            Refine = t =>
                Eighth(t) with
                {
                    Input = tensor(steps000, [2, 4, 4]).narrow(2, 0, 3).contiguous().type(t.Input.dtype),
                },
        },
        new("001-scratch", "its 30 rows as a sequence, with the weights of its scratch cell", 30, 1, new(2, 1))
        {
            Document = "001",
            Unbatched = true,
            WithoutInitialState = true,
            Refine = t => With001(t, replay => replay.ScratchWeights),
        },
        new("001-nn-rnn", "its 30 rows as a sequence, with the weights of its nn.RNN", 30, 1, new(2, 1))
        {
            Document = "001",
            Unbatched = true,
            WithoutInitialState = true,
            Refine = t => With001(t, replay => replay.Rnn.state_dict()),
        },
        new(
            "002-ones",
            "batch first, relu, every weight and bias one",
            10,
            1,
            new(1, 1, NonLinearity: NonLinearities.ReLU, BatchFirst: true)
        )
        {
            Document = "002",
            Refine = t =>
                Ones(t) with
                {
                    Input = tensor(PublishedNumbers.Of("002").Values("input"), [1, 10, 1]).type(t.Input.dtype),
                },
        },
        new(
            "003-one-neuron",
            "five embeddings through the object of one neuron, from its random state",
            5,
            1,
            new(4, 1)
        )
        {
            Document = "003",
            Refine = t => With003(t, objects => objects.one),
        },
        new(
            "003-two-neurons",
            "five embeddings through the object of two neurons, from its random state",
            5,
            1,
            new(4, 2)
        )
        {
            Document = "003",
            Refine = t => With003(t, objects => objects.two),
        },
        new("004-unbatched", "four unbatched steps from a state of zero", 4, 1, new(5, 20))
        {
            Document = "004",
            Unbatched = true,
            WithoutInitialState = true,
        },
        new("004-cell", "six steps of nn.RNNCell with a given state", 6, 3, new(10, 20)) { Document = "004" },
        new("004-two-layers", "two layers with a given h_0", 5, 3, new(10, 20, 2)) { Document = "004" },
    ];

    private static CaseTensors With001(CaseTensors t, Func<Replay001, Dictionary<string, Tensor>> weights)
    {
        using var replay = new Replay001();
        return Replace(t, weights(replay)) with { Input = replay.Data.clone().type(t.Input.dtype) };
    }

    private static CaseTensors With003(
        CaseTensors t,
        Func<(LinearHistoryRnn one, LinearHistoryRnn two), LinearHistoryRnn> choose
    )
    {
        var embeddings = Replay003.Embeddings().t().unsqueeze(1).contiguous();
        var objects = Replay003.Objects();
        using var one = objects.one;
        using var two = objects.two;
        var rnn = choose(objects);
        return Replace(t, Replay003.WeightsOf(rnn)) with
        {
            Input = embeddings.type(t.Input.dtype),
            H_0 = rnn.HiddenStates[0].unsqueeze(0).type(t.Input.dtype),
        };
    }

    // Copies, since a replay's own tensors die with it.
    private static CaseTensors Replace(CaseTensors t, Dictionary<string, Tensor> weights) =>
        t with
        {
            Weights = t.Weights.ToDictionary(w => w.Key, w => weights[w.Key].detach().clone().type(w.Value.dtype)),
        };

    private static CaseTensors Eighth(CaseTensors t) =>
        t with
        {
            Weights = t.Weights.ToDictionary(w => w.Key, w => w.Value.Over(8)),
        };

    private static CaseTensors Ones(CaseTensors t) =>
        t with
        {
            Weights = t.Weights.ToDictionary(w => w.Key, w => ones(w.Value.shape, w.Value.dtype)),
        };
}
