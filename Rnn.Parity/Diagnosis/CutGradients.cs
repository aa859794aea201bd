using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>Gradients that do not pass from some step to the one before, as where a state is detached.</summary>
internal static class CutGradients
{
    /// <summary>Where they are cut; null if no such place gives every gradient that the run has, or they are right uncut.</summary>
    public static string? Name(Run run, IReadOnlyDictionary<string, Tensor> quantities) =>
        quantities.Keys.Any(CaseShapes.IsGradient) && !Reproduces(run, quantities, static _ => false)
            ? Cuts(run.Case, quantities.ContainsKey("grad.h_0"))
                .FirstOrDefault(cut => Reproduces(run, quantities, cut.before))
                .words
            : null;

    private static IEnumerable<(string words, Func<int, bool> before)> Cuts(RnnCase c, bool seesH_0)
    {
        foreach (var first in (int[])[1, 0])
        {
            var start = first == 0 ? ", nor to h_0" : "";
            yield return (
                $"no gradient passes from a step to the one before{start}, as where the state is detached in each",
                turn => turn >= first
            );
            // at least twice, where that is seen; what is cut once need not be cut again
            for (var steps = 2; (first == 0 && seesH_0 ? 1 : 2) * steps < c.T; steps++)
            {
                var k = steps;
                yield return (
                    $"the gradient is cut every {k} steps{start}: truncated backpropagation through time",
                    turn => turn >= first && turn % k == 0
                );
            }
        }
        yield return ("no gradient passes to h_0, as where it is detached", static turn => turn == 0);
        for (var step = 1; step < c.T; step++)
        {
            var k = step;
            yield return (
                FormattableString.Invariant(
                    $"no gradient passes from {(c.Options.Bidirectional ? $"the step that is computed after {k} others" : $"step {k}")} to the one before, as where the state is detached there"
                ),
                turn => turn == k
            );
        }
    }

    private static bool Reproduces(Run run, IReadOnlyDictionary<string, Tensor> quantities, Func<int, bool> cut)
    {
        using var scope = NewDisposeScope();
        var judgement = new Judgement(new(run.Case.Dtype));
        new JudgedRun(run.Case, run.Tensors, quantities).Gradients(judgement, run.Layers, cut: cut);
        return judgement.Evidence == Evidence.Certified;
    }
}
