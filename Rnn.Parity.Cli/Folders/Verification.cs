using Rnn.Parity.Bounds;
using Rnn.Parity.Diagnosis;
using Rnn.Parity.Exact;

namespace Rnn.Parity.Folders;

/// <summary>
/// What holds of a recorded run: the run itself beside the equation, then each of our implementations in both orders and
/// this machine's nn.RNN beside the run.
/// </summary>
internal sealed class Verification
{
    public const string Recorded = "the recorded run";

    private readonly RecordedRun run;
    private readonly Dictionary<string, Tensor> given;
    private readonly bool exact;
    private readonly bool onGpu;
    private bool hasSlopeOf1;
    private readonly Lazy<IReadOnlyList<TracedRun>> traces;
    private readonly Lazy<Run> states;
    private readonly List<(IReadOnlyDictionary<string, Tensor> run, int tanhError, Finding finding)> certified = [];

    private Verification(RecordedRun run)
    {
        this.run = run;
        var (c, tensors) = (run.Folder.Case, run.Folder.Tensors);
        exact = run.Folder.Keys.GetValueOrDefault("exact") == "true";
        onGpu = run.Folder.Keys.GetValueOrDefault("device", "").StartsWith("cuda", StringComparison.Ordinal);
        given = new(tensors.Weights) { ["input"] = tensors.Input };
        if (tensors.H_0 is { } h_0)
            given["h_0"] = h_0;
        if (exact && Unproven() is { } unproven)
            throw new FixtureException($"{run.Name}: case.csv says exact, but {unproven}");
        traces = new(() =>
            [
                .. Enum.GetValues<EvaluationOrder>()
                    .Select(order => TracedRun.ByAutograd(RnnFactory.Implementations[0], c.In(order), tensors)),
            ]
        );
        states = new(() =>
            Run.Of(
                c,
                tensors,
                run.Folder.Inner?.Outputs ?? [run.Folder.Quantities["output"]],
                onGpu ? OtherTanh : TanhAccuracy.Absolute(run.Engine)
            )
        );
    }

    /// <summary>Everything that is to hold, one result each; the recorded run itself is the first.</summary>
    public static IReadOnlyList<Result> Of(RecordedRun run)
    {
        using var scope = NewDisposeScope();
        var verification = new Verification(run);
        var itself = verification.Itself();
        var recorded = verification.Claimed(Recorded, "the equation", itself);
        List<Result> results = [recorded with { Check = recorded.Check with { Sides = verification.Sides } }];
        // beside a run that is wrong, others show nothing more
        if (itself.Evidence == Evidence.Differs)
            return results;
        foreach (var (name, quantities) in Runs(run.Folder.Case, run.Folder.Tensors))
            results.Add(verification.Claimed(name, run.Engine, verification.Beside(name, quantities)));
        return results;
    }

    public static Finding OfItself(RecordedRun run)
    {
        using var scope = NewDisposeScope();
        return new Verification(run).Itself();
    }

    // The recorded run, and this machine's nn.RNN.
    private Sides Sides()
    {
        using var scope = NewDisposeScope();
        var theirs = Diagnosis.Sides.Of(RnnFactory.Rnn, run.Folder.Case, run.Folder.Tensors, CPU);
        return new((Recorded, states.Value), theirs);
    }

    private Result Claimed(string subject, string reference, Finding finding) =>
        new(
            new(Section.Recorded, run.Folder.Case.Document, run.Name, subject, reference, "cpu", () => finding)
            {
                Claim = exact ? Evidence.Exact : Evidence.Certified,
            },
            finding
        );

    private Finding Itself()
    {
        var (c, tensors, recorded) = (run.Folder.Case, run.Folder.Tensors, run.Folder.Quantities);
        if (exact)
        {
            var beside = Beside("the oracle of integers", IntegerOracle.Of(c, tensors));
            // relu'(0) is 1 in cuDNN
            if (!beside.Holds && onGpu && IntegerOracle.Try(c, tensors, reluSlopeAtZero: 1).exact is { } cudnn)
            {
                beside = Beside("the oracle of integers", cudnn);
                hasSlopeOf1 = beside.Holds;
            }
            if (!beside.Holds || run.Folder.Inner is not { } inner)
                return beside;
            var layers = LayersExactly(inner);
            if (layers.Holds)
                return beside;
            if (Certify(recorded, run.Engine).Evidence != Evidence.Differs)
                return layers;
        }
        if (Given() is { Holds: false } other)
            return other;
        var finding = Certify(recorded, run.Engine);
        if (finding.Holds)
            return finding;
        if (finding.Evidence == Evidence.Undecided)
            return finding with
            {
                Explanation = $"{c}: {Recorded}, by {run.Engine}, is undecided\n  {finding.Explanation}",
            };
        var name = Named(finding) ?? "no mistake that is on the list explains it";
        var printed = IsPrinted(recorded["output"])
            ? "\n  every number of output has at most four decimals: it may have been rounded for print"
            : "";
        return finding with
        {
            Explanation =
                $"{c}: {Recorded}, by {run.Engine}, is not certified\n  {finding.Explanation}\n  {name}{printed}",
        };
    }

    // Of the lower layers and the adjoints the oracle does not speak; where nothing rounds a run of ours has their bits.
    private Finding LayersExactly(Inner inner)
    {
        var c = run.Folder.Case;
        var shapes = new CaseShapes(c);
        string[] names =
        [
            .. shapes.LayerOutputs,
            "output",
            .. inner.Adjoints is null || hasSlopeOf1 ? [] : shapes.Adjoints,
        ];
        return Parity.CompareExactly($"{c}: {Recorded} is not exact", ByName(inner), ByName(traces.Value[0].Inner));

        Dictionary<string, Tensor> ByName(Inner of) =>
            names.Zip(of.Outputs.Concat(of.Adjoints?.Select(c.AsOutput) ?? [])).ToDictionary();
    }

    // A gradient of a GPU at a sum that may be 0, where the slope of relu is 1 in cuDNN and 0 elsewhere.
    private Finding WithOpenSlope(Finding finding) =>
        onGpu
        && run.Folder.Case.Options.NonLinearity == nn.NonLinearities.ReLU
        && finding.DifferingQuantities is [not ("output" or "h_n")]
        && states.Value.Layers.Any(layer => layer.Enclosures.Any(e => e.Bound > 0 && e.Holds(0)))
            ? finding with
            {
                Evidence = Evidence.Undecided,
                Explanation =
                    $"{finding.Explanation}\n  some sums may be exactly 0, where the slope of relu is 1 in cuDNN and 0 elsewhere",
            }
            : finding;

    // Where the states are right the mistake is in the gradients.
    private string? Named(Finding finding) =>
        finding.DifferingQuantities.Any(name => name is "output" or "h_n")
            ? Divergence.Name(states.Value, run.Folder.Quantities)
            : CutGradients.Name(states.Value, run.Folder.Quantities);

    // The error, in u, that the tanh of a run whose engine is not known for it may have.
    private int OtherTanh => Math.Max(TanhAccuracy.ByLogistic, onGpu ? TanhAccuracy.OfCudnn(run.Folder.Case.Dtype) : 0);

    // Each number is the nearest of its type to one of four decimals, and some are no integers.
    private static bool IsPrinted(Tensor output)
    {
        using var scope = NewDisposeScope();
        var rounded = tensor([.. Matrix.Of(output).Values.Select(v => Math.Round(v, 4))]).view(output.shape);
        return Array.Exists(Matrix.Of(rounded).Values, v => double.IsFinite(v) && !double.IsInteger(v))
            && TensorComparison.Compare("", output, rounded.type(output.dtype)) is null;
    }

    private Finding Beside(string subject, IReadOnlyDictionary<string, Tensor> quantities)
    {
        if (Given() is { Holds: false } other)
            return other;
        var recorded = run.Folder.Quantities;
        // with another slope ours have other gradients
        if (hasSlopeOf1)
            recorded = recorded.Where(q => !CaseShapes.IsGradient(q.Key)).ToDictionary();
        var actual = quantities.Concat(given).Where(q => recorded.ContainsKey(q.Key)).ToDictionary();
        var title = $"{run.Folder.Case}: {subject} differs from {run.Engine}";
        var finding = exact ? Parity.CompareExactly(title, actual, recorded) : Parity.Compare(title, actual, recorded);
        if (finding.Holds)
            return finding;
        // Where sums round, the first bit that differs is rounding; what is certified says where rounding ends.
        // of what lies within the bounds the equation itself is a name
        if (exact && Certify(recorded, run.Engine).Evidence == Evidence.Differs)
            finding = finding with { Explanation = $"{finding.Explanation}\n  {Named(finding)}".TrimEnd() };
        return exact
            ? finding
            : Parity.Certified(
                finding,
                [(subject, Certify(actual, subject)), (run.Engine, Certify(recorded, run.Engine))]
            );
    }

    // A testimony may repeat what the case gives, when the witness drew it from a seed itself: then to the bit.
    private Finding Given()
    {
        var repeated = given.Where(g => run.Folder.Quantities.ContainsKey(g.Key)).ToDictionary();
        return Parity.Compare(
            $"{run.Folder.Case}: what {run.Engine} was given is not what the case gives",
            repeated,
            run.Folder.Quantities.Where(q => repeated.ContainsKey(q.Key)).ToDictionary()
        );
    }

    // Runs of the same bits are certified once.
    private Finding Certify(IReadOnlyDictionary<string, Tensor> quantities, string engine)
    {
        var tanhError = TanhAccuracy.Absolute(engine);
        foreach (var (same, error, known) in certified)
            if (error == tanhError && Same(quantities, same))
                return known;
        var finding = Certify(quantities, tanhError);
        certified.Add((quantities, tanhError, finding));
        return finding;
    }

    // What was recorded of the layers is the recorded run's; a run of ours with the bits of another shows what that does not.
    private Finding Certify(IReadOnlyDictionary<string, Tensor> quantities, int tanhError)
    {
        var (c, tensors) = (run.Folder.Case, run.Folder.Tensors);
        var itself = Same(run.Folder.Quantities, quantities);
        var inner = itself ? run.Folder.Inner : null;
        if (c.Lengths is null)
            inner ??= traces.Value.FirstOrDefault(t => Same(quantities, t.Quantities))?.Inner;
        // a testimony may repeat what the case gives
        var judged = quantities.Where(q => CaseShapes.IsQuantity(q.Key)).ToDictionary();
        var finding = Certification.ByEitherTanh(c, tanhError, OtherTanh, Of);
        // a run of a GPU has the wider tanh
        if (onGpu && finding.Evidence == Evidence.Differs && tanhError == 0)
            finding = Of(OtherTanh);
        return itself ? WithOpenSlope(finding) : finding;

        Finding Of(int error) => Certification.Of(c, tensors, judged, inner, complete: false, error);
    }

    private static bool Same(IReadOnlyDictionary<string, Tensor> some, IReadOnlyDictionary<string, Tensor> all) =>
        some.All(q => all.TryGetValue(q.Key, out var other) && TensorComparison.Compare("", q.Value, other) is null);

    // What a folder claims is proven before it is believed; the oracle knows no packed sequences.
    private string? Unproven()
    {
        var (c, tensors) = (run.Folder.Case, run.Folder.Tensors);
        if (c.Lengths is not null)
            return "the sequences are packed, of which the oracle of integers knows nothing";
        return given
                .Append(new("grad_output", tensors.GradOutput))
                .Append(new("grad_h_n", tensors.GradH_n))
                .Select(g => NoInteger(g.Key, g.Value))
                .FirstOrDefault(sentence => sentence is not null)
            ?? IntegerOracle.Refuses(c, tensors);
    }

    internal static string? NoInteger(string name, Tensor tensor)
    {
        var values = Matrix.Of(tensor).Values;
        var at = Array.FindIndex(values, v => !double.IsInteger(v));
        if (at < 0)
            return null;
        var index = TensorComparison.Index(at, tensor.shape);
        return FormattableString.Invariant(
            $"{name}[{string.Join(", ", index)}] is {values[at]:R}, which is no integer"
        );
    }

    private static IEnumerable<(string name, IReadOnlyDictionary<string, Tensor> quantities)> Runs(
        RnnCase c,
        CaseTensors tensors
    )
    {
        foreach (var factory in RnnFactory.Implementations)
        foreach (var order in Enum.GetValues<EvaluationOrder>())
            yield return ($"{factory} {order}", RnnRun.Of(factory, c.In(order), tensors, CPU));
        yield return ("nn.RNN", RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU));
    }
}
