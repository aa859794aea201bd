using Rnn.Parity.Bounds;
using Rnn.Parity.Diagnosis;
using Quantities = System.Collections.Generic.IReadOnlyDictionary<string, TorchSharp.torch.Tensor>;

namespace Rnn.Parity;

/// <summary>An RNN beside a reference that has run already, on one case: the judgement, and its sentences.</summary>
internal sealed class SideBySide(
    RnnFactory mine,
    RnnFactory reference,
    RnnCase c,
    CaseTensors tensors,
    Quantities expected,
    Device device
)
{
    private const string Keeps =
        "two calls with the same input give other numbers: it keeps a state from call to call, or draws at random";

    private static readonly string OfTanh =
        $"it is certified if its tanh is 2σ(2z) − 1, which is off by {TanhAccuracy.ByLogistic} u even near 0, and not if its tanh is good to {TanhAccuracy.Ulp} ULP";

    /// <summary>Runs the RNN: identical, or what certification makes of both runs, and where the difference began.</summary>
    public Finding Judged()
    {
        try
        {
            return Judge();
        }
        catch (RunException e)
        {
            return Parity.NotCompared(c, e);
        }
    }

    private Finding Judge()
    {
        var actual = WithZeros(RnnRun.Of(mine, c, tensors, device));
        var title = $"{c}: {mine} differs from {reference} on {device}";
        var finding = Parity.Compare(title, actual, expected);
        if (finding.Evidence == Evidence.Identical)
            return finding;
        var (began, isOutside) = Began(finding);
        if (expected.Keys.Except(actual.Keys).ToList() is [_, ..] missing)
            return finding with
            {
                Explanation = $"{Without(missing, isOutside == true)}\n  {(Repeats() ? began : Keeps)}",
            };
        var own = Certify(mine, actual);
        var judged = Parity.Certified(finding, [(mine.Name, own), (reference.Name, Certify(reference, expected))]);
        // what was traced is a new one, called without gradients: it is another function, whatever this call gave
        if (own.Holds && isOutside == true && own.TanhError == 0)
            judged = judged with { Evidence = c.Drops ? Evidence.Undecided : Evidence.Differs };
        if (judged.Holds && finding.DifferingQuantities.Any(CaseShapes.IsOfSecondOrder))
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
                    $"{c}: {mine} rounds otherwise than {reference} on {device}{judged.Explanation![title.Length..]}\n  {began}",
            };
        var nothingFollows = own.Evidence == Evidence.Undecided && Certification.NotFinite(tensors) is not null;
        var why = own.TanhError == TanhAccuracy.ByLogistic ? OfTanh : Why(own, actual, began, isOutside);
        return nothingFollows ? judged : judged with { Explanation = $"{judged.Explanation}\n  {why}" };
    }

    // A gradient that is missing counts as zeros where nn.RNN's is zeros: that of W_hh, say, where every state is 0.
    private Dictionary<string, Tensor> WithZeros(Quantities run) =>
        expected
            .Where(q => !run.ContainsKey(q.Key) && q.Value.count_nonzero().item<long>() == 0)
            .ToDictionary(q => q.Key, q => q.Value)
            .Concat(run)
            .ToDictionary();

    private bool Repeats() => RnnRun.Repeats(mine, c, tensors, device);

    private string Without(List<string> missing, bool isOutside)
    {
        var why =
            missing.Count == 1
                ? "is missing: no gradient reaches it: it is not used, or detached, or a copy of it is used"
                : "are missing: no gradient reaches them: they are not used, or detached, or copies of them are used";
        var output = isOutside ? "; the output differs as well" : "";
        return $"{c}\n  {mine}: {string.Join(", ", missing)} {why}{output}";
    }

    // Where it began, after what is known of its calls.
    private string Why(Finding own, Dictionary<string, Tensor> actual, string began, bool? isOutside)
    {
        var fault = own.DifferingQuantities is [var first] ? first : null;
        if (!Repeats())
            return isOutside == true ? $"{Keeps}; {began}" : Keeps;
        if (fault is not null && CaseShapes.IsGradient(fault))
        {
            var outputs = Trace.EndingIn(actual["output"], mine, c, tensors, device) ?? [actual["output"]];
            var cut = CutGradients.Name(Run.Of(c, tensors, outputs), actual);
            return $"output and h_n lie within their bounds, and {fault} does not: {cut ?? "the mistake is in the gradients alone, and is none that is on the list"}";
        }
        // where nothing was traced, nothing was called once more
        return
            isOutside is not { } outside
            || own.Evidence == Evidence.Undecided
            || (outside ? fault is not null : fault is not ("output" or "h_n"))
            ? began
            : $"a new one, called once and without gradients, gives other numbers: it keeps something from call to call, or behaves otherwise under autograd; {began}";
    }

    private Finding Certify(RnnFactory factory, Quantities run)
    {
        var tanhError = factory.TanhError(c.Dtype, device);
        var finding = Certify(factory, run, tanhError);
        // the tanh may be 2σ(2z) − 1, or the error another one that is as small
        return
            finding.Evidence == Evidence.Differs
            && tanhError == 0
            && c.Options.NonLinearity == nn.NonLinearities.Tanh
            && Certify(factory, run, TanhAccuracy.ByLogistic).Evidence == Evidence.Certified
            ? finding with
            {
                Evidence = Evidence.Undecided,
                TanhError = TanhAccuracy.ByLogistic,
            }
            : finding;
    }

    private Finding Certify(RnnFactory factory, Quantities run, int tanhError)
    {
        var finding = Certification.Of(c, tensors, run, tanhError: tanhError);
        return
            finding.Evidence == Evidence.Undecided
            && Trace.EndingIn(run["output"], factory, c, tensors, device) is { } outputs
            ? Certification.Of(c, tensors, run, new Inner(outputs), tanhError: tanhError)
            : finding;
    }

    // The sentence that says where, and whether no order of rounding explains it; null where that is not known.
    private (string sentence, bool? isOutside) Began(Finding finding)
    {
        if (!finding.DifferingQuantities.Any(name => name is "output" or "h_n"))
            return ("output and h_n are identical: the difference is in the gradients alone", false);
        if (mine.IsCallers && c.Options.NumLayers > 1)
            return (
                "where it began cannot be said: of what is trained already the layers below the last are not seen",
                null
            );
        try
        {
            return Divergence.Find(mine, reference, c, tensors, device)
                ?? ("its output and h_n are the reference's", false);
        }
        catch (RunException e)
        {
            return ($"where it began cannot be said: without gradients, or with fewer layers, {e.Message}", null);
        }
    }
}
