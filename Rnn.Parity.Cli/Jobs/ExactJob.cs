using Rnn.Parity.Exact;
using TorchSharp;

namespace Rnn.Parity.Jobs;

internal static class ExactJob
{
    /// <summary>One check for each runner on each device, over all the cases; the cases are run once, when the first is asked for.</summary>
    public static IReadOnlyList<Check> Checks(string id, IEnumerable<RnnCase> cases, IReadOnlyList<string> devices) =>
        [
            .. from device in devices
            let findings = new Lazy<IReadOnlyList<Finding>>(() => Run(cases, torch.device(device)))
            from runner in ExactRunner.All.Select((runner, index) => (name: runner.ToString(), index))
            select new Check(
                Section.Exact,
                "-",
                id,
                runner.name,
                nameof(IntegerOracle),
                device,
                () => findings.Value[runner.index]
            ),
        ];

    public static IReadOnlyList<Finding> Run(IEnumerable<RnnCase> cases, Device device)
    {
        var all = cases.ToList();
        var computed = all.Where(c => device.type != DeviceType.CPU || Dtypes.Computed.Contains(c.Dtype))
            .Select(c => Run(c, ExactRunner.All, device))
            .ToList();
        var leftOut = all.Count - computed.Count;
        return [.. ExactRunner.All.Select((_, index) => Sum(computed.ConvertAll(found => found[index]), leftOut))];
    }

    public static IReadOnlyList<Finding> Run(RnnCase c, IReadOnlyList<ExactRunner> runners, Device device)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        var exact = IntegerOracle.Of(c, tensors);
        return
        [
            .. runners.Select(runner =>
                Compare(runner, c, tensors, runner.IsCudnn(device) ? OfCudnn(c, tensors, exact) : exact, device)
            ),
        ];
    }

    public static Finding Compare(
        ExactRunner runner,
        RnnCase c,
        CaseTensors tensors,
        IReadOnlyDictionary<string, Tensor> exact,
        Device device
    )
    {
        using var scope = NewDisposeScope();
        var actual = runner.Run(c, tensors, device);
        var expected = runner.BackwardAlone ? exact.Where(q => CaseShapes.IsGradient(q.Key)).ToDictionary() : exact;
        if (!expected.Keys.Any(CaseShapes.IsGradient))
            actual = actual.Where(q => !CaseShapes.IsGradient(q.Key)).ToDictionary();
        return Parity.CompareExactly($"{c}: {runner} is not exact on {device}", actual, expected);
    }

    // relu'(0) is 1; where more terms could round for it, the states alone
    private static IReadOnlyDictionary<string, Tensor> OfCudnn(
        RnnCase c,
        CaseTensors tensors,
        IReadOnlyDictionary<string, Tensor> exact
    ) =>
        IntegerOracle.Try(c, tensors, reluSlopeAtZero: 1).exact
        ?? exact.Where(q => !CaseShapes.IsGradient(q.Key)).ToDictionary();

    private static Finding Sum(List<Finding> findings, int leftOut)
    {
        var failed = findings.Where(f => f.Evidence == Evidence.Differs).ToList();
        var omitted = leftOut == 0 ? "" : $", {leftOut} left out, in types not computed here";
        return new(
            failed.Count > 0 || findings.Count == 0 ? Evidence.Differs : Evidence.Exact,
            $"{(findings.Count == 1 ? "1 case" : $"{findings.Count} cases")}, {findings.Sum(f => f.Elements)} numbers{omitted}"
        )
        {
            Elements = findings.Sum(f => f.Elements),
            Differing = findings.Sum(f => f.Differing),
            WorstUlp = findings.Max(f => f.WorstUlp),
            Explanation =
                failed.Count == 0 ? null : $"{failed.Count} of {findings.Count} cases\n{failed[0].Explanation}",
        };
    }
}
