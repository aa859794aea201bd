using Rnn.Parity.Bounds;
using Rnn.Parity.Diagnosis;
using Quantities = System.Collections.Generic.IReadOnlyDictionary<string, TorchSharp.torch.Tensor>;

namespace Rnn.Parity;

/// <summary>A run beside that of a reference on the same case: the judgement, and its sentences.</summary>
internal sealed class SideBySide(LiveRun mine, LiveRun reference)
{
    private const string Keeps =
        "two calls with the same input give other numbers: it keeps a state from call to call, or draws at random";

    private const string ByAnother =
        "a new one, called once and without gradients, gives other numbers: it keeps something from call to call, or behaves otherwise under autograd";

    private readonly RnnCase c = mine.Case;

    private string Names(string verb) => $"{c}: {mine.Factory} {verb} {reference.Factory} on {mine.Device}";

    /// <summary>Runs the RNN: identical, or what certification makes of both runs, and where the difference began.</summary>
    public Finding Judged()
    {
        try
        {
            var actual = WithZeros(mine.Quantities, reference.Quantities);
            var finding = Parity.Compare(Names("differs from"), actual, reference.Quantities);
            return finding.Evidence == Evidence.Identical ? finding
                : reference.Quantities.Keys.Except(actual.Keys).ToList() is [_, ..] missing ? Without(missing, finding)
                : Judge(mine with { Quantities = actual }, finding);
        }
        catch (RunException e)
        {
            return Parity.NotCompared(c, e);
        }
    }

    // A gradient that is missing counts as zeros where nn.RNN's is zeros: that of W_hh, say, where every state is 0.
    private static Dictionary<string, Tensor> WithZeros(Quantities run, Quantities expected) =>
        expected
            .Where(q => !run.ContainsKey(q.Key) && q.Value.count_nonzero().item<long>() == 0)
            .Concat(run)
            .ToDictionary();

    private Finding Judge(LiveRun run, Finding difference)
    {
        var (own, origin) = (run.Certified, Origin(run, difference));
        var judged = Parity.Certified(
            difference,
            [(run.Factory.Name, own), (reference.Factory.Name, reference.Certified)]
        );
        // what was traced is a new one, called without gradients: it is another function, whatever this call gave
        if (own.Holds && origin.IsRounding == false && own.TanhError == 0)
            judged = judged with { Evidence = c.Drops ? Evidence.Undecided : Evidence.Differs };
        if (judged.Holds && difference.DifferingQuantities.Any(CaseShapes.IsOfSecondOrder))
            return judged with
            {
                Evidence = Evidence.Undecided,
                Explanation =
                    $"{judged.Explanation}\n  output, h_n and gradients are certified; gradients of gradients are compared bit by bit alone, and no bound is derived for them",
            };
        if (judged.Holds)
            return judged with
            {
                Explanation =
                    $"{Names("rounds otherwise than")}{judged.Explanation![Names("differs from").Length..]}\n  {origin.Sentence}",
            };
        // nothing follows from what is infinite; and another tanh says it all
        return
            own.Evidence == Evidence.Undecided
            && (own.TanhError == TanhAccuracy.ByLogistic || Certification.NotFinite(mine.Tensors) is not null)
            ? judged
            : judged with
            {
                Explanation = $"{judged.Explanation}\n  {Why(run, own, origin)}",
            };
    }

    private bool Repeats()
    {
        try
        {
            return RnnRun.Repeats(mine.Factory, c, mine.Tensors, mine.Device);
        }
        catch (RunException)
        {
            // it does not run without gradients, as is said of where it began
            return true;
        }
    }

    private Finding Without(List<string> missing, Finding difference)
    {
        var origin = Origin(mine, difference);
        // what does not reach it is cut before the first step
        var cut =
            c.SecondOrder || origin.IsRounding == false
                ? null
                : CutGradients.Name(
                    mine.Run,
                    reference
                        .Quantities.Where(q => missing.Contains(q.Key))
                        .Select(q => KeyValuePair.Create(q.Key, zeros_like(q.Value)))
                        .Concat(mine.Quantities)
                        .ToDictionary()
                );
        var why =
            missing.Count == 1
                ? "is missing: no gradient reaches it: it is not used, or detached, or a copy of it is used"
                : "are missing: no gradient reaches them: they are not used, or detached, or copies of them are used";
        var output = origin.IsRounding == false ? "; the output differs as well" : "";
        return difference with
        {
            Explanation =
                $"{c}\n  {mine.Factory}: {string.Join(", ", missing)} {why}{output}\n  {(Repeats() ? cut ?? origin.Sentence : Keeps)}",
        };
    }

    // Where it began, after what is known of its calls.
    private string Why(LiveRun run, Finding own, Origin origin)
    {
        var fault = own.DifferingQuantities is [var first] ? first : null;
        if (!Repeats())
            return origin.IsRounding == false ? $"{Keeps}; {origin.Sentence}" : Keeps;
        if (fault is not null && CaseShapes.IsGradient(fault))
            return $"output and h_n lie within their bounds, and {fault} does not: {CutGradients.Name(run.Run, run.Quantities) ?? "no cut of the gradients in every layer explains it: the mistake is in them, or in states by less than their bounds"}";
        // what was traced, if anything was, is called once more: it is to be at fault where this run is
        var isSame = origin.IsRounding switch
        {
            null => true,
            true => fault is not ("output" or "h_n"),
            false => fault is not null,
        };
        if (own.Evidence == Evidence.Undecided)
            return $"{origin.Sentence}\n  fewer layers or units{(c.Dtype == ScalarType.Float64 ? "" : ", or float64,")} may decide it";
        return isSame ? origin.Sentence
            : origin.IsRounding == true ? ByAnother
            : $"{ByAnother}; {origin.Sentence}";
    }

    private Origin Origin(LiveRun run, Finding difference)
    {
        if (!difference.DifferingQuantities.Any(name => name is "output" or "h_n"))
            return new("output and h_n are identical: the difference is in the gradients alone", IsRounding: true);
        if (mine.Factory.IsCallers && c.Options.NumLayers > 1)
            return new(
                "where it began cannot be said: of what is trained already the layers below the last are not seen",
                IsRounding: null
            );
        try
        {
            return Divergence.Find(run, reference) ?? new("its output and h_n are the reference's", IsRounding: true);
        }
        catch (RunException e)
        {
            return new(
                $"where it began cannot be said, since a call without gradients, or of a new one with fewer layers, fails: {e.Message}",
                IsRounding: null
            );
        }
    }
}
