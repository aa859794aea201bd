using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Mutants;

// Mistakes in what is carried from step to step, and from call to call.
public static partial class Catalogue
{
    private static IEnumerable<Mutant> States =>
        [
            Function(
                "state-of-this-step",
                "h was overwritten before the product, so that h_t stands where h_{t−1} should.",
                s => s.Right(h: s.Right())
            ),
            Function("state-of-two-steps-before", "The list of states is read at t − 2.", s => s.Right(h: s.Back(2))),
            Function(
                "state-reset-at-each-step",
                "The state is set to zero inside the loop.",
                s => s.Right(h: s.H.Times(0))
            ),
            Function(
                "state-leaked-across-rows",
                "A row of the batch reads the state of another.",
                s => s.Right(h: s.H.flip(0)),
                Need.Batch
            ),
            Function(
                "state-averaged-over-the-batch",
                "The rows of the batch share one state, their mean.",
                s => s.Right(h: s.H.mean([0], keepdim: true).expand_as(s.H)),
                Need.Batch
            ),
            Function(
                "state-carried-over-between-calls",
                "The state of one call is where the next one begins.",
                new Plant { Initial = (h_0, last) => last ?? h_0 }
            ),
            Function(
                "initial-state-ignored",
                "The loop begins at zero, whatever h_0 is.",
                s => s.I == 0 ? s.Right(h: Zeros(s.H)) : s.Right(),
                Need.State
            ),
            Function(
                "initial-state-random",
                "The loop begins at a random state, whatever h_0 is.",
                s => s.I == 0 ? s.Right(h: Random(s.H)) : s.Right()
            ),
            Function(
                "initial-state-of-the-first-layer",
                "Every layer and direction begins at h_0[0].",
                new Plant { Initial = (h_0, _) => h_0?.narrow(0, 0, 1).expand_as(h_0) },
                Need.State,
                Need.Layers
            ),
            Function(
                "final-state-of-the-first-step",
                "h_n is the state after the first step instead of the last.",
                new Plant { Results = static (_, output, _) => (output, output.narrow(0, 0, 1)) },
                Need.OneLayer
            ),
        ];

    private static Tensor Random(Tensor like)
    {
        using var generator = new Generator(1);
        return randn(like.shape, like.dtype, like.device, generator: generator);
    }
}
