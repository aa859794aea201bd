using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch.Notebooks;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>The numbers that the documents print, computed again: to the last printed digit, or within a derived bound.</summary>
public static class PublishedChecks
{
    /// <summary>Every published number that follows from a seed: the document, by what it is computed, and the check.</summary>
    public static IReadOnlyList<(string document, string by, Func<Finding> check)> All { get; } =
    [
        ("001", nameof(ScalarBiasRnn), Scratch001),
        .. Everyone("001-nn-rnn"),
        ("002", nameof(OneUnitRnn), OneUnitForms),
        ("002", "published states", Recurrence002.Certify),
        ("003", nameof(WordStep), Functions003),
        ("003", nameof(LinearHistoryRnn), Objects003),
        .. Everyone("003-one-neuron"),
        .. Everyone("003-two-neurons"),
    ];

    /// <summary>The documents' cases for which they print nn.RNN's numbers, or those of the same function.</summary>
    public static IReadOnlyList<RnnCase> Cases { get; } =
    [.. NotebookCases.All.Where(c => c.Id is "001-nn-rnn" or "003-one-neuron" or "003-two-neurons")];

    /// <summary>A run of one of these cases beside the numbers that are printed for it.</summary>
    public static Finding Compare(RnnCase c, IReadOnlyDictionary<string, Tensor> quantities, CaseTensors tensors) =>
        c?.Id switch
        {
            "001-nn-rnn" => Rnn001(quantities, tensors),
            "003-one-neuron" => States003(quantities, tensors, "one_neuron"),
            "003-two-neurons" => States003(quantities, tensors, "two_neurons"),
            _ => throw new ArgumentException(
                $"c is {c?.Id}, one of {string.Join(", ", Cases.Select(c => c.Id))} is expected"
            ),
        };

    private static Finding Scratch001()
    {
        using var scope = NewDisposeScope();
        using var replay = new Replay001();
        var (a, last) = replay.Scratch.Forward(replay.Data);
        return PublishedNumbers
            .Of("001")
            .Compare(
                ("data", replay.Data),
                ("scratch.wax", replay.Scratch.Wax),
                ("scratch.waa", replay.Scratch.Waa),
                ("scratch.bax", replay.Scratch.Bax),
                ("scratch.baa", replay.Scratch.Baa),
                ("scratch.a", a),
                ("scratch.last", last)
            );
    }

    private static Finding Rnn001(IReadOnlyDictionary<string, Tensor> run, CaseTensors tensors) =>
        PublishedNumbers
            .Of("001")
            .Compare([
                .. tensors.Weights.Select(w => (w.Key, w.Value)),
                ("output", run["output"]),
                ("h_n", run["h_n"]),
            ]);

    private static Finding OneUnitForms()
    {
        using var scope = NewDisposeScope();
        var x = tensor(PublishedNumbers.Of("002").Values("input"), [10, 1]);
        var third = Named(OneUnitRnn.WithRnn(x));
        var first = Parity.Compare(
            "002: the form of Parameters differs from nn.RNN",
            Named(OneUnitRnn.WithParameters(x)),
            third
        );
        var second = Parity.Compare(
            "002: the form of nn.Linear differs from nn.RNN",
            Named(OneUnitRnn.WithLinear(x)),
            third
        );
        return (first.Holds ? second : first) with { Detail = "three forms, ten states each" };

        static Dictionary<string, Tensor> Named(Tensor output) => new() { ["output"] = output };
    }

    private static Finding Functions003()
    {
        using var scope = NewDisposeScope();
        var e_1 = Replay003.FirstEmbedding();
        var h_0 = Replay003.InitialState();
        var (w_h, w_e) = Replay003.Weights();
        var E = Replay003.Embeddings();
        return PublishedNumbers
            .Of("003")
            .Compare(
                ("e_1", e_1),
                ("h_0", h_0),
                ("w_h", w_h),
                ("w_e", w_e),
                ("h_1", WordStep.Step(e_1, w_e, h_0, w_h)),
                ("E", E),
                ("states", cat(WordStep.HiddenStates(E, w_e, h_0, w_h).ToList()))
            );
    }

    private static Finding Objects003()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var E = Replay003.Embeddings();
        var (one, two) = Replay003.Objects();
        using (one)
        using (two)
        {
            for (var word = 0; word < E.shape[1]; word++)
            {
                one.Forward(WordStep.Embedding(E, word).t());
                two.Forward(WordStep.Embedding(E, word).t());
            }
            return PublishedNumbers
                .Of("003")
                .Compare(
                    ("one_neuron", cat(one.HiddenStates.ToList())),
                    ("two_neurons", cat(two.HiddenStates.ToList()))
                );
        }
    }

    private static Finding States003(IReadOnlyDictionary<string, Tensor> run, CaseTensors tensors, string published) =>
        PublishedNumbers.Of("003").Compare((published, cat([tensors.H_0!.reshape(-1), run["output"].reshape(-1)])));

    // The case's published numbers by nn.RNN and by each implementation.
    private static IEnumerable<(string, string, Func<Finding>)> Everyone(string id)
    {
        var c = NotebookCases.All.Single(c => c.Id == id);
        return RnnFactory
            .Implementations.Prepend(RnnFactory.Rnn)
            .Select(factory => (id, factory.Name, (Func<Finding>)(() => Run(factory))));

        Finding Run(RnnFactory factory)
        {
            using var scope = NewDisposeScope();
            var tensors = c.Draw();
            return Compare(c, RnnRun.Of(factory, c, tensors, CPU), tensors);
        }
    }
}
