using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using Rnn.Parity.Folders;
using Rnn.Parity.Tests.Exact;
using Rnn.Parity.Tests.Notebooks;
using Rnn.Scratch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Fixtures;

/// <summary>The cases that every witness is given: drawn once, and kept in fixtures/cases.</summary>
internal static class WitnessCases
{
    private static readonly RnnOptions small = new(3, 5);

    // A case a row: the beginning of its id, its reason, and what it changes.
    private static readonly (string id, string reason, Func<RnnCase, RnnCase> change)[] rows =
    [
        ("one-layer", "nn.RNN as it comes", c => c),
        ("no-bias", "without biases", c => With(c, c.Options with { Bias = false })),
        ("batch-first", "the batch before the time", c => With(c, c.Options with { BatchFirst = true })),
        ("bidirectional", "both directions", c => With(c, c.Options with { Bidirectional = true })),
        ("two-layers", "a layer above a layer", c => With(c, c.Options with { NumLayers = 2 })),
        (
            "three-layers",
            "three layers, both directions, batch first, without biases",
            c => With(c, new(2, 4, 3, Bias: false, BatchFirst: true, Bidirectional: true))
        ),
        ("no-h_0", "the state before the first step is left out", c => WithoutState(c)),
        ("unbatched", "one sequence without a batch", c => Unbatched(c)),
        (
            "unbatched-stack",
            "one sequence through two layers in both directions",
            c => Unbatched(With(c, c.Options with { NumLayers = 2, Bidirectional = true }))
        ),
        ("one-step", "a sequence of one step", c => c with { T = 1, Degenerate = true }),
        ("one-sequence", "a batch of one", c => c with { B = 1, Degenerate = true }),
        ("wide", "sums long enough to be added in different orders", c => With(c, new(17, 33)) with { T = 5, B = 2 }),
        ("packed", "packed, longest first", c => c with { Lengths = [4, 2, 1] }),
        (
            "packed-any-order",
            "packed in any order, two layers, both directions, batch first",
            c =>
                With(c, c.Options with { NumLayers = 2, BatchFirst = true, Bidirectional = true }) with
                {
                    Lengths = [2, 4, 3],
                    EnforceSorted = false,
                }
        ),
        ("packed-no-h_0", "packed, the state left out", c => WithoutState(c with { Lengths = [4, 4, 1] })),
        ("cell", "nn.RNNCell, step by step", c => c),
        ("cell-no-bias", "nn.RNNCell without biases", c => With(c, c.Options with { Bias = false })),
        ("cell-unbatched", "nn.RNNCell on one sequence without a batch", c => Unbatched(c)),
        ("cell-no-h_0", "nn.RNNCell, the state before the first step left out", c => WithoutState(c)),
    ];

    private static readonly (string id, Func<RnnOptions, RnnOptions> change)[] exact =
    [
        ("exact", o => o),
        ("exact-stack", o => o with { NumLayers = 2, Bidirectional = true }),
        ("exact-no-bias", o => o with { Bias = false, BatchFirst = true }),
        ("exact-wide", o => o with { InputSize = 9, HiddenSize = 17 }),
        ("exact-cell", o => o),
    ];

    /// <summary>Every case that has passed the gate; then the documents', which are what they are.</summary>
    public static IEnumerable<RnnCase> All => Gated.Concat(NotebookCases.All);

    /// <summary>The cases that have passed the gate.</summary>
    public static IEnumerable<RnnCase> Gated =>
        from dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64]
        from c in Drawn(dtype).Concat(Exact(dtype))
        select c;

    /// <summary>The folder of a case.</summary>
    public static CaseFolder Draw(RnnCase c)
    {
        ArgumentNullException.ThrowIfNull(c);
        var drawn = c.Draw();
        drawn = drawn with { GradOutput = c.Cotangent(drawn) };
        var keys = new Dictionary<string, string>
        {
            ["kind"] = c.Id.Contains("cell", StringComparison.Ordinal) ? "cell" : "rnn",
            ["device"] = "cpu",
            ["engine"] = "none",
            ["engine_version"] = "none",
        };
        if (c.Document != "-")
            keys["document"] = c.Document;
        if (IsExact(c))
            keys["exact"] = "true";
        return new CaseFolder(c, drawn, new Dictionary<string, Tensor>(), keys);
    }

    private static bool IsExact(RnnCase c) => c.Id.StartsWith("exact", StringComparison.Ordinal);

    private static IEnumerable<RnnCase> Drawn(ScalarType dtype) =>
        from mode in (NonLinearities[])[NonLinearities.Tanh, NonLinearities.ReLU]
        from row in rows
        let c = row.change(new RnnCase(Id(row.id, mode, dtype), row.reason, 4, 3, small))
        let options = c.Options with
        {
            NonLinearity = mode,
            Dtype = dtype,
        }
        select Accepted(With(c, options), CaseTensors.Draw, Gate.Rejects);

    private static IEnumerable<RnnCase> Exact(ScalarType dtype) =>
        from row in exact
        let options = row.change(small) with
        {
            NonLinearity = NonLinearities.ReLU,
            Dtype = dtype,
        }
        let c = new RnnCase(Id(row.id, NonLinearities.ReLU, dtype), "integers, nothing rounds", 4, 3, options)
        select Accepted(c, Integers, tried => Gate.Rejects(tried) ?? IntegerOracle.Refuses(tried, tried.Draw()));

    private static string Id(string row, NonLinearities mode, ScalarType dtype) =>
        $"{row}-{(mode == NonLinearities.ReLU ? "relu" : "tanh")}-{DecimalText.Dtype(dtype)}";

    private static CaseTensors Integers(RnnCase c) => IntegerTensors.Of(CaseTensors.Draw(c), CaseTensors.Seed(c.Id));

    // Draws again, as another id, until nothing rejects the case.
    private static RnnCase Accepted(RnnCase c, Func<RnnCase, CaseTensors> draw, Func<RnnCase, string?> rejects)
    {
        var reason = "";
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var salted = c with { Id = $"{c.Id}/{attempt}" };
            var tried = c with { Rejections = attempt, Refine = _ => draw(salted) };
            if (rejects(tried) is not { } rejection)
                return tried;
            reason = rejection;
        }
        throw new InvalidOperationException($"{c}: {reason}");
    }

    private static RnnCase With(RnnCase c, RnnOptions options) => c with { Options = options };

    private static RnnCase Unbatched(RnnCase c) => c with { B = 1, Unbatched = true, Degenerate = true };

    private static RnnCase WithoutState(RnnCase c) => c with { WithoutInitialState = true, Degenerate = true };
}
