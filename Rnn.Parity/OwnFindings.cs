using Rnn.Parity.Bounds;
using Rnn.Parity.Diagnosis;
using Rnn.Parity.Exact;
using static TorchSharp.torch.nn;

namespace Rnn.Parity;

/// <summary>What is established of an RNN of one's own on all the cases that are drawn for it.</summary>
internal static class OwnFindings
{
    public static Finding Of(RnnFactory mine, RnnOptions options, IReadOnlyDictionary<string, Tensor>? weights)
    {
        options.Checked();
        mine.Own.Check(options);
        Parity.CheckDefaults();
        using var precision = new FullPrecision();
        using var normal = inference_mode(false);
        var device = Checked(options.Device ?? CPU, options);
        if (weights is not null && Certification.NotFinite(weights) is { } endless)
            return new(Evidence.Undecided, "not compared")
            {
                Explanation =
                    $"{mine}: {mine.Own.NameOf(endless)} has values that are infinite or not numbers, from which nothing follows",
            };
        var judged = (
            from own in OwnCases.Of(options, mine.Own, weights)
            let beside = Parity.Of(mine, RnnFactory.Rnn, own.Case, device)
            select (own, finding: own.Slopes is null ? beside : Exactly(beside, mine, own, device))
        ).ToList();
        var findings = judged.ConvertAll(j => j.finding);
        return findings.MinBy(f => f.Evidence)!.WithGreatest(findings) with
        {
            Detail =
                $"of {findings.Count} cases beside nn.RNN, {Counts(judged)}{Widest(findings)}{Unseen(judged.ConvertAll(j => j.own))}{Blind(options, weights, mine.Own, judged[0].own.Case)}",
            Elements = findings.Sum(f => f.Elements),
            Differing = findings.Sum(f => f.Differing),
            WorstUlp = findings.Max(f => f.WorstUlp),
            Doubt = findings.Select(f => f.Doubt).FirstOrDefault(doubt => doubt is not null),
        };
    }

    // The device, where such an RNN can be compared on it.
    private static Device Checked(Device device, RnnOptions options)
    {
        var onGpu = device.type == TorchSharp.DeviceType.CUDA;
        var refused =
            !onGpu && device.type != TorchSharp.DeviceType.CPU ? $"the device is {device}, cpu or cuda is expected"
            : onGpu && !cuda.is_available() ? $"the device is {device}, and torch finds no CUDA device on this machine"
            : onGpu && options.HasDropout ? Parity.DropsOnGpu(options)
            : null;
        return refused is null ? device : throw new ArgumentException($"options: {refused}");
    }

    // How many cases of each evidence, the least first, and which they are where they do not hold.
    private static string Counts(List<(OwnCase own, Finding finding)> judged) =>
        string.Join(
            ", ",
            from one in judged
            group one.own.Case by one.finding.Evidence into same
            orderby same.Key
            let some = same.Key <= Evidence.Undecided && same.Count() < judged.Count
            select $"{same.Key.Word()} in {same.Count()}"
                + (some ? $" ({string.Join("; ", same.Select(c => $"{c.Dtype}, {c.Reason}"))})" : "")
        );

    // What the gate would not let pass if it were drawn.
    private static string Blind(
        RnnOptions options,
        IReadOnlyDictionary<string, Tensor>? weights,
        OwnRnn own,
        RnnCase c
    ) =>
        (options.HiddenSize == 1 ? "; with one unit a transposed W_hh is the same" : "")
        + (
            weights is not null
            && (Weak(weights, own) ?? (options.HiddenSize == 1 ? null : OwnCases.Blind(c))) is { } reason
                ? $"; its weights cannot tell all mistakes: {reason}"
                : ""
        );

    // What given weights cannot tell, and drawn ones always can: a bias of zeros, and layers that are alike.
    private static string? Weak(IReadOnlyDictionary<string, Tensor> weights, OwnRnn own)
    {
        // one parameter may be two biases
        var each = weights.DistinctBy(w => own.NameOf(w.Key)).ToList();
        foreach (var (name, weight) in each)
        {
            if (weight.count_nonzero().item<long>() == 0)
                return $"{name} is zero: it can be left out";
            var kind = name[..name.LastIndexOf("_l", StringComparison.Ordinal)];
            var alike = each.FirstOrDefault(other =>
                other.Key != name
                && other.Key.StartsWith(kind + "_l", StringComparison.Ordinal)
                && TensorComparison.Compare(name, weight, other.Value) is null
            );
            if (alike.Key is { } same)
                return $"{name} and {same} are equal: they can be swapped";
        }
        return null;
    }

    // A mistake that is smaller than its bound passes.
    private static string Widest(List<Finding> findings) =>
        findings.Where(f => f.Evidence == Evidence.Certified).Max(f => f.WidestBound) is { } widest
            ? FormattableString.Invariant($"; widest bound {widest:G1} of the largest value")
            : "";

    // In which layers and directions no case shows the slope at 0; that of tanh shows where nothing rounds.
    private static string Unseen(List<OwnCase> cases)
    {
        var options = cases[0].Case.Options;
        var isTanh = options.NonLinearity == NonLinearities.Tanh;
        if (cases[0].Case.ForwardOnly || (isTanh && cases.Exists(own => own.Slopes is not null)))
            return "";
        var (all, φ) = (options.Suffixes.ToList(), isTanh ? "tanh" : "relu");
        var unseen = all.Except(cases.SelectMany(own => own.Slopes ?? [])).ToList();
        return unseen.Count == 0 ? ""
            : unseen.Count == all.Count ? $"; the slope of {φ} at 0 does not show"
            : $"; the slope of {φ} at 0 does not show in {string.Join(", ", unseen)}";
    }

    // Where nothing rounds relu has the oracle's bits, or it cannot be said whether it is the same function.
    private static Finding Exactly(Finding finding, RnnFactory mine, OwnCase own, Device device)
    {
        var c = own.Case;
        if (finding.Evidence == Evidence.Identical)
            return finding with { Evidence = Evidence.Exact };
        var relu = c.Options.NonLinearity == NonLinearities.ReLU;
        // relu'(0) is 1 in cuDNN
        if (relu && device.type == TorchSharp.DeviceType.CUDA)
            finding = Parity.Of(mine, RnnFactory.RnnCell, c, device);
        if (
            finding.Evidence == Evidence.Differs
            && finding.DifferingQuantities is [_, ..]
            && finding.DifferingQuantities.All(CaseShapes.IsGradient)
        )
            return finding with { Explanation = finding.Explanation + SlopeAtZero(own, finding) };
        // tanh is ±1 only when it is rounded to the type, and a state of more bits is not
        if (finding.Evidence != Evidence.Certified || !relu)
            return finding;
        using var scope = NewDisposeScope();
        var run = new LiveRun(mine, c, c.Draw(), device);
        try
        {
            var expected = IntegerOracle
                .Of(c, run.Tensors)
                .Where(q => run.Quantities.ContainsKey(q.Key))
                .ToDictionary();
            var beside = Parity.CompareExactly($"{c}: {mine} is not exact", run.Quantities, expected);
            if (beside.Evidence == Evidence.Exact)
                return beside;
            // at the states of every layer, where the slope of relu is known
            return
                run.Layers is { } layers
                && Certification.Of(c, run.Tensors, run.Quantities, new Inner(layers)).Evidence == Evidence.Differs
                ? beside with
                {
                    Explanation = beside.Explanation + SlopeAtZero(own),
                }
                : beside with
                {
                    Evidence = Evidence.Undecided,
                    Explanation =
                        $"{beside.Explanation}\n  no sum of the equation rounds in this case, in any order: either it rounds otherwise, as where it scales, or it is another function, by less than rounding can be elsewhere",
                };
        }
        catch (RunException e)
        {
            return Parity.NotCompared(c, e);
        }
    }

    // What is no number has no slope.
    private static string SlopeAtZero(OwnCase own, Finding finding) => finding.WorstUlp is null ? "" : SlopeAtZero(own);

    private static string SlopeAtZero(OwnCase own) =>
        own.Case.Options.NonLinearity == NonLinearities.Tanh
            ? "\n  some sums are exactly 0 here, where the slope of nn.RNN's tanh is 1"
        : own.Slopes is [_, ..] ? "\n  some sums are exactly 0 here, where the slope of nn.RNN's relu is 0"
        : "";
}
