using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Tests.Exact;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>What the documents' code does otherwise than nn.RNN: each a difference that is proven, with its size.</summary>
public static class DifferenceChecks
{
    /// <summary>Every difference, in the order of the documents: its name and its proof.</summary>
    public static IReadOnlyList<(string name, Func<Finding> prove)> All { get; } =
    [
        ("001-no-recurrence", NoRecurrence),
        ("002-order-of-addition", OrderOfAddition),
        ("003-doubled-tanh", DoubledTanh),
        ("003-never-reset", NeverReset),
        ("004-single-bias", SingleBias.Establish),
    ];

    /// <summary>001: the last activation keeps its bits when every other row is replaced; nn.RNN's last output does not.</summary>
    public static Finding NoRecurrence()
    {
        using var scope = NewDisposeScope();
        using var replay = new Replay001();
        using var rnn = RNN(2, 1);
        rnn.load_state_dict(replay.ScratchWeights);
        return NoRecurrence(
            x => replay.Scratch.Forward(x).a,
            x => rnn.call(x.unsqueeze(1)).Item1.squeeze(1).detach(),
            replay.Data
        );
    }

    /// <summary>Whether the first of two RNNs ignores every row of x but the last, and the second does not.</summary>
    /// <param name="document">x ↦ its states, (T, H).</param>
    /// <param name="reference">x ↦ the output of nn.RNN, (T, H).</param>
    /// <param name="x">(T, I).</param>
    public static Finding NoRecurrence(Func<Tensor, Tensor> document, Func<Tensor, Tensor> reference, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(x);
        var last = x.shape[0] - 1;
        var others = cat([zeros(last, x.shape[1]), x.narrow(0, last, 1)]);
        var (activations, outputs) = (document(x), reference(x));
        var ignoresThePast = SameLast(activations, document(others));
        var remembers = !SameLast(outputs, reference(others));
        var distance = (activations - outputs).abs().max().item<float>();
        return Proven(
            ignoresThePast && remembers,
            FormattableString.Invariant(
                $"001 does not recur: its last row ignores the {last} before it; off by up to {distance:F3} from nn.RNN with its weights"
            )
        );

        bool SameLast(Tensor a, Tensor b) =>
            TensorComparison.Compare("last", a.narrow(0, last, 1), b.narrow(0, last, 1)) is null;
    }

    /// <summary>002: added from left to right the bits differ, and on integers, where nothing rounds, they do not.</summary>
    public static Finding OrderOfAddition() =>
        OrderOfAddition(new RnnFactory(nameof(LeftToRightRnn), o => new LeftToRightRnn(o)));

    /// <summary>Whether an RNN is nn.RNN in another order of addition: the bits differ, but not where nothing rounds.</summary>
    public static Finding OrderOfAddition(RnnFactory subject)
    {
        var drawn = new RnnCase("002-order-drawn", "weights as nn.RNN starts", 6, 3, new(10, 20));
        var integers = new RnnCase(
            "002-order-integers",
            "nothing rounds",
            4,
            3,
            new(3, 5, NonLinearity: NonLinearities.ReLU)
        )
        {
            Refine = IntegerTensors.Of,
        };
        var rounding = Parity.Of(subject, RnnFactory.Rnn, drawn, CPU);
        var exact = Parity.Of(subject, RnnFactory.Rnn, integers, CPU);
        return Proven(
            rounding is { Differing: > 0, Evidence: Evidence.Certified } && exact.Evidence == Evidence.Identical,
            FormattableString.Invariant(
                $"002 adds from left to right: the same function (exact on integers), other bits in {rounding.Differing} of {rounding.Elements} elements"
            )
        ) with
        {
            Elements = rounding.Elements,
            Differing = rounding.Differing,
            WorstUlp = rounding.WorstUlp,
        };
    }

    /// <summary>003: with no state, the doubled tanh never exceeds tanh 1, where nn.RNN saturates at 1.</summary>
    public static Finding DoubledTanh()
    {
        using var scope = NewDisposeScope();
        using var doubled = new TensorHistoryRnn(1, 1);
        using var rnn = RNN(1, 1, bias: false);
        doubled.We.fill_(Scalars.One);
        doubled.Wh.zero_();
        rnn.load_state_dict(new() { ["weight_ih_l0"] = doubled.We, ["weight_hh_l0"] = doubled.Wh });
        var large = tensor([10f], [1, 1]);
        var twice = doubled.Forward(large).item<float>();
        var once = rnn.call(large.unsqueeze(1)).Item1.item<float>();
        return Proven(
            once == 1 && twice == tanh(tensor(1f)).item<float>(),
            FormattableString.Invariant(
                $"003's first object applies tanh twice: an input of 10 gives tanh(tanh 10) = {twice:F4}, nn.RNN gives {once:F4}"
            )
        );
    }

    /// <summary>003: a second sequence starts where the first one ended, so the same words give other states.</summary>
    public static Finding NeverReset()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var E = Replay003.Embeddings();
        var (one, two) = Replay003.Objects();
        using (one)
        using (two)
        {
            var (first, second) = (Read(), Read());
            var distance = (first - second).abs().max().item<float>();
            return Proven(
                TensorComparison.Compare("states", first, second) is not null,
                FormattableString.Invariant(
                    $"003's history is never reset: the same five words give other states the second time, by up to {distance:F3}"
                )
            );
        }

        Tensor Read() =>
            cat(Enumerable.Range(0, 5).Select(word => one.Forward(WordStep.Embedding(E, word).t())).ToList());
    }

    internal static Finding Proven(bool proven, string sentence) =>
        new(Evidence.Differs, sentence)
        {
            Holds = proven,
            Explanation = proven ? null : "not shown on this machine: " + sentence,
        };
}
