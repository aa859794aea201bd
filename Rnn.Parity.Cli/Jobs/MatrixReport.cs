namespace Rnn.Parity.Jobs;

/// <summary>The matrix as a table: one row an option, one column a kind of quantity.</summary>
internal static class MatrixReport
{
    private static readonly (string name, Func<MatrixResult, bool> holds)[] options =
    [
        ("1 layer", r => r.Case.Options.NumLayers == 1),
        ("2 to 4 layers", r => r.Case.Options.NumLayers > 1),
        ("tanh", r => r.Case.Options.NonLinearity == nn.NonLinearities.Tanh),
        ("relu", r => r.Case.Options.NonLinearity == nn.NonLinearities.ReLU),
        ("bias", r => r.Case.Options.Bias),
        ("no bias", r => !r.Case.Options.Bias),
        ("batch first", r => r.Case.Options.BatchFirst),
        ("both directions", r => r.Case.Options.Bidirectional),
        ("dropout in training", r => r.Case.Drops),
        ("dropout in evaluation", r => r.Case.Options.HasDropout && r.Case.Evaluation),
        ("unbatched", r => r.Case.Unbatched),
        ("no h_0", r => r.Case.WithoutInitialState),
        ("input not contiguous", r => r.Case.InputLayout != Cases.Layout.Contiguous && r.Case.Lengths is null),
        ("h_0 not contiguous", r => r.Case.StateLayout != Cases.Layout.Contiguous && !r.Case.WithoutInitialState),
        ("packed", r => r.Case.Lengths is not null),
        ("one step", r => r.Case.T == 1),
        ("a batch of one", r => r.Case.B == 1 && !r.Case.Unbatched),
        ("float32", r => r.Case.Options.Dtype == ScalarType.Float32),
        ("float64", r => r.Case.Options.Dtype == ScalarType.Float64),
        ("bfloat16", r => r.Case.Options.Dtype == ScalarType.BFloat16),
        ("float16", r => r.Case.Options.Dtype == ScalarType.Float16),
        ("whole-sequence order, nn.RNN", r => r.Result.Check.Reference == RnnFactory.Rnn.Name),
        ("per-step order, nn.RNNCell", r => r.Result.Check.Reference == RnnFactory.RnnCell.Name),
    ];

    private static readonly (string name, Func<string, bool> holds)[] quantities =
    [
        ("output", name => name == "output"),
        ("h_n", name => name == "h_n"),
        ("gradients", CaseShapes.IsGradient),
        ("second order", CaseShapes.IsOfSecondOrder),
    ];

    public static IReadOnlyList<string> Columns => ["option", "device", .. quantities.Select(q => q.name)];

    /// <summary>Its rows: in how many of the runs with the option each kind of quantity is identical.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(MatrixRuns runs) =>
        from device in runs.Results.Select(r => r.Result.Check.Device).Distinct()
        from option in options
        let chosen = runs.Results.Where(r => r.Result.Check.Device == device && option.holds(r)).ToList()
        where chosen.Count > 0
        select (IReadOnlyList<string>)[option.name, device, .. quantities.Select(q => Cell(chosen, q.holds))];

    public static string Markdown(MatrixRuns runs) => MarkdownTable.Of(Columns, Rows(runs));

    private static string Cell(List<MatrixResult> results, Func<string, bool> kind)
    {
        var runs = results.Count(r => r.Result.Finding.Quantities.Any(kind));
        var identical = results.Count(r =>
            r.Result.Finding.Quantities.Any(kind) && !r.Result.Finding.DifferingQuantities.Any(kind)
        );
        return runs == 0 ? ""
            : identical == runs ? $"identical in {runs}"
            : $"identical in {identical} of {runs}";
    }
}
