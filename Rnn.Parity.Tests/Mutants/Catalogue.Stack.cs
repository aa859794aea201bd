using Rnn.Scratch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Mutants;

// Mistakes in what is put together from right layers: directions, layers, dropout, and the layout.
public static partial class Catalogue
{
    private static IEnumerable<Mutant> Directions =>
        [
            Function(
                "direction-wrong",
                "The forward direction runs from the end of the sequence.",
                new Plant
                {
                    Where = "l0",
                    ReadsBackwards = true,
                    JoinsBackwards = true,
                }
            ),
            Function(
                "reverse-runs-forward",
                "The reverse direction runs forward.",
                new Plant
                {
                    Where = "reverse",
                    ReadsBackwards = true,
                    JoinsBackwards = true,
                },
                Need.Directions
            ),
            Function(
                "reverse-reads-forward",
                "The reverse direction reads its input forward and joins its states in reverse.",
                new Plant { Where = "reverse", ReadsBackwards = true },
                Need.Directions
            ),
            Function(
                "reverse-not-reversed-back",
                "The states of the reverse direction are joined in the order in which they were computed.",
                new Plant { Where = "reverse", JoinsBackwards = true },
                Need.Directions
            ),
            Function(
                "directions-concatenated-in-the-wrong-order",
                "The reverse states come first in what the next layer reads, and in the output.",
                new Plant(s => s.Right(x: s.IsFirstLayer ? s.X_t : Swapped(s.X_t)))
                {
                    Results = static (o, output, h_n) => (o.Bidirectional ? Swapped(output) : output, h_n),
                },
                Need.Directions
            ),
            Function(
                "directions-share-their-weights",
                "The reverse direction runs with the forward one's weights.",
                new Plant(s => s.Right(w: s.Weights(s.Suffix.Replace("_reverse", "", StringComparison.Ordinal)))),
                Need.Directions
            ),
            Function(
                "final-state-of-the-last-time",
                "h_n of the reverse direction is its state at the end of the sequence, where it began.",
                new Plant { Results = static (o, output, h_n) => (output, WithLast(output, h_n)) },
                Need.Directions
            ),
        ];

    private static IEnumerable<Mutant> Layers =>
        [
            Function(
                "layers-fed-by-the-input",
                "Every layer reads the input of the stack instead of the layer below.",
                s => s.Right(x: s.Stack[s.I]),
                Need.Layers,
                Need.Wide
            ),
            Function(
                "layers-share-their-weights",
                "Every layer runs with the first one's weights.",
                s => s.Right(w: s.Weights(s.Suffix.Replace("l1", "l0", StringComparison.Ordinal))),
                Need.Layers,
                Need.Wide
            ),
            Function(
                "input-of-the-step-before",
                "The input is read one step late.",
                s => s.Right(x: s.I == 0 ? Zeros(s.X_t) : s.X[s.I - 1])
            ),
            Function(
                "batch-and-time-confused",
                "The input is taken for batch first, which it is not.",
                new Plant { Input = static input => input.transpose(0, 1) },
                Need.Batch,
                Need.StepsAsRows
            ),
        ];

    private static IEnumerable<Mutant> Dropouts =>
        [
            Function(
                "dropout-on-the-last-layer",
                "The output of the last layer is dropped as well.",
                new Plant { Results = static (o, output, h_n) => (functional.dropout(output, o.Dropout), h_n) },
                Need.Dropout
            ),
            Function(
                "dropout-on-the-input",
                "The input of the first layer is dropped as well.",
                s => s.Right(x: s.IsFirstLayer ? functional.dropout(s.X_t, s.Options.Dropout) : s.X_t),
                Need.Dropout
            ),
            Function(
                "dropout-unscaled",
                "What is kept is not divided by 1 − p.",
                new Plant { Dropout = static (x, p, training) => training ? functional.dropout(x, p).Times(1 - p) : x },
                Need.Dropout
            ),
            Function(
                "dropout-the-same-at-each-step",
                "One mask is drawn for all steps.",
                new Plant
                {
                    Dropout = static (x, p, training) => x * functional.dropout(Ones(x.narrow(0, 0, 1)), p, training),
                },
                Need.Dropout
            ),
            Function(
                "dropout-forgotten",
                "Nothing is dropped.",
                new Plant { Dropout = static (x, _, _) => x },
                Need.Dropout
            ),
            Function(
                "dropout-in-evaluation",
                "It is dropped in evaluation as well.",
                new Plant { Dropout = static (x, p, _) => functional.dropout(x, p) },
                Need.Evaluation
            ),
        ];

    // The second half of the features first.
    private static Tensor Swapped(Tensor x)
    {
        var H = x.shape[^1] / 2;
        return cat([x.narrow(-1, H, H), x.narrow(-1, 0, H)], -1);
    }

    private static Tensor WithLast(Tensor output, Tensor h_n)
    {
        var (T, H) = (output.shape[0], h_n.shape[^1]);
        return cat([h_n.narrow(0, 0, h_n.shape[0] - 1), output.narrow(0, T - 1, 1).narrow(-1, H, H)], 0);
    }
}
