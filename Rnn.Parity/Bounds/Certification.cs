namespace Rnn.Parity.Bounds;

/// <summary>What else was recorded of a run than its results.</summary>
/// <param name="Outputs">The output of every layer, shaped as the last one's.</param>
/// <param name="Adjoints">The gradient of every state, of each layer and direction, (T, B, H) in the order of time.</param>
public sealed record Inner(IReadOnlyList<Tensor> Outputs, IReadOnlyList<Tensor>? Adjoints = null);

/// <summary>
/// Certifies a run by whomever: every state within a derived bound of the equation at the run's own previous state, every
/// gradient within a derived bound of the adjoint at the run's own states. docs/certified.md derives the bounds.
/// </summary>
public static class Certification
{
    /// <summary>
    /// With at most this probability a correct run leaves the probabilistic bound anywhere, if rounding errors are independent
    /// and have mean zero: one in a million comparisons.
    /// </summary>
    public const double Failure = 1e-6;

    /// <summary>Certifies a run.</summary>
    /// <param name="c">What was run.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="run">The run's quantities by name: output, and any of h_n, grad.input, grad.h_0, grad.weight_ih_l0, …</param>
    /// <param name="inner">
    /// What is known of the layers below the last, and of the adjoints; null if they were not recorded. Then the states of
    /// the lower layers are computed again with a bound that is carried from step to step, as are the errors of adjoints.
    /// </param>
    /// <param name="complete">Whether a run with any gradient must have all of them; a witness need not speak of all.</param>
    /// <param name="tanhError">The absolute error of the run's tanh, in u, beside what every library's may have.</param>
    /// <returns>
    /// Certified, with the worst |error| / bound for both bounds, and a doubt if the run leaves the probabilistic one; Differs,
    /// and where the run is outside of the bound that always holds; or Undecided, and where that bound is so wide that it says
    /// nothing.
    /// </returns>
    /// <exception cref="ArgumentException">The output is missing, or a tensor is none of the case's, or of another shape or type.</exception>
    public static Finding Of(
        RnnCase c,
        CaseTensors tensors,
        IReadOnlyDictionary<string, Tensor> run,
        Inner? inner = null,
        bool complete = true,
        int tanhError = 0
    )
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(run);
        RunFits.Check(c, tensors, run, inner);
        ArgumentOutOfRangeException.ThrowIfNegative(tanhError);
        using var scope = NewDisposeScope();
        using var without = no_grad();
        var judged = new JudgedRun(c, tensors, run, inner, complete, tanhError);
        var certain = judged.Judge(λ: null);
        if (certain.Evidence == Evidence.Undecided && NotFinite(tensors) is { } name)
            return new(Evidence.Undecided, What(c, run))
            {
                Explanation = $"{name} has values that are infinite or not numbers, from which no bound follows",
            };
        // of a run that is not certified the narrower bound says nothing more
        var probable = certain.Evidence == Evidence.Certified ? judged.Judge(Lambda(c, tensors)) : null;
        return new Finding(certain.Evidence, What(c, run))
        {
            DifferingQuantities = certain.FaultIn is { } first ? [first] : [],
            Elements = certain.Elements,
            Differing = certain.Outside,
            BoundRatio = certain.Worst,
            ProbableRatio = probable?.Worst,
            WidestBound = certain.Widest,
            TanhError = c.Options.NonLinearity == nn.NonLinearities.Tanh ? tanhError : 0,
            Explanation = certain.Fault ?? certain.Doubtful,
            Doubt = probable?.Outside > 0 ? $"{probable.Fault} with a probability of at least 1 - {Failure:G1}" : null,
        };
    }

    /// <summary>
    /// A run with the absolute error of tanh, in u, that its engine is known for; undecided, if it does not differ with
    /// that of another tanh.
    /// </summary>
    internal static Finding ByEitherTanh(RnnCase c, int known, int other, Func<int, Finding> certify)
    {
        var finding = certify(known);
        return
            finding.Evidence == Evidence.Differs
            && known == 0
            && c.Options.NonLinearity == nn.NonLinearities.Tanh
            && certify(other).Evidence is not Evidence.Differs and var evidence
            ? finding with
            {
                Evidence = Evidence.Undecided,
                TanhError = other,
                Explanation = $"{finding.Explanation}\n  {TanhAccuracy.Sentence(other, evidence.Word())}",
            }
            : finding;
    }

    /// <summary>Certifies the states of one call, of a dense batch and in evaluation.</summary>
    /// <param name="options">What the RNN was built with; without a type, float32.</param>
    /// <param name="weights">By nn.RNN's names.</param>
    /// <param name="input">(T, B, I); (B, T, I) if batch first.</param>
    /// <param name="h_0">(L·D, B, H); zeros if null.</param>
    /// <param name="output">(T, B, D·H); (B, T, D·H) if batch first.</param>
    /// <returns>Certified, Differs or Undecided.</returns>
    /// <exception cref="ArgumentException">A tensor is misshapen.</exception>
    public static Finding Of(
        RnnOptions options,
        IReadOnlyDictionary<string, Tensor> weights,
        Tensor input,
        Tensor? h_0,
        Tensor output
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(input);
        options.Checked();
        if (input.IsInvalid)
            throw new ArgumentException("input has been disposed");
        CheckInput.Expect(input.dim() == 3, $"input has {input.dim()} dimensions, 3 are expected");
        var (time, batch) = options.BatchFirst ? (1, 0) : (0, 1);
        var c = new RnnCase("states", "the states of one call", input.shape[time], input.shape[batch], options)
        {
            Evaluation = true,
            WithoutInitialState = h_0 is null,
        };
        using var scope = NewDisposeScope();
        // the states alone are judged: no cotangent matters
        var given = new CaseTensors(weights, input, h_0, zeros(c.OutputShape), zeros(c.StateShape));
        return Of(c, given, new Dictionary<string, Tensor> { ["output"] = output }, complete: false);
    }

    // Which quantities were judged, as in: output, h_n, 6 of 6 gradients.
    private static string What(RnnCase c, IReadOnlyDictionary<string, Tensor> run)
    {
        var gradients = run.Keys.Count(CaseShapes.IsGradient);
        var all = c.Options.WeightNames.Count() + (c.WithoutInitialState ? 1 : 2);
        return $"{(run.ContainsKey("h_n") ? "output, h_n" : "output")}, {gradients} of {all} gradients";
    }

    /// <summary>The name of a given tensor that has infinite values or such that are not numbers; null if there is none.</summary>
    internal static string? NotFinite(CaseTensors tensors) =>
        NotFinite(
            tensors.Weights.Append(new("input", tensors.Input)).Concat(tensors.H_0 is { } h_0 ? [new("h_0", h_0)] : [])
        );

    /// <summary>The name of the first tensor that has such values; null if there is none.</summary>
    internal static string? NotFinite(IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        tensors.FirstOrDefault(given => !given.Value.isfinite().all().item<bool>()).Key;

    /// <summary>The λ with which a correct run leaves the probabilistic bound anywhere with probability at most <see cref="Failure"/>.</summary>
    internal static double Lambda(RnnCase c, CaseTensors tensors)
    {
        var rows = (double)c.T * c.B * c.Options.NumLayers * c.Options.NumDirections;
        // no sum has more terms than a unit's and a weight's gradient together
        var terms =
            c.Options.NumDirections * c.Options.HiddenSize + c.Options.InputSize + c.Options.HiddenSize + c.T * c.B;
        // two sums a unit, forward and backward, one for each number of x_bar and each number of a weight's gradient
        var sums = rows * (2 * c.Options.HiddenSize + terms) + tensors.Weights.Values.Sum(w => w.numel());
        return Rounding.Lambda(sums, terms, new Rounding(c.Dtype).U, Failure);
    }
}
