namespace Rnn.Parity.Bounds;

/// <summary>A run that is judged by its bounds; <see cref="Certification.Of(RnnCase, CaseTensors, IReadOnlyDictionary{string, Tensor}, Inner, bool, int)"/> says what each is.</summary>
internal sealed record JudgedRun(
    RnnCase Case,
    CaseTensors Tensors,
    IReadOnlyDictionary<string, Tensor> Quantities,
    Inner? Inner = null,
    bool Complete = false,
    int TanhError = 0
)
{
    private bool HasGradients => Quantities.Keys.Any(CaseShapes.IsGradient);

    public Judgement Judge(double? λ)
    {
        // the zonotopes of a layer are large
        using var scope = NewDisposeScope();
        var rounding = new Rounding(Case.Dtype, λ);
        var layers = Recording.Of(Case, Tensors, Inner?.Outputs ?? [Quantities["output"]], rounding, TanhError);
        var judgement = Judgement.Of(layers, Quantities.GetValueOrDefault("h_n"), rounding);
        if (Complete && !Quantities.ContainsKey("h_n"))
            judgement.Missing("h_n");
        // the gradients of states that are wrong show nothing more
        if (judgement.Fault is not null || !(HasGradients || Inner?.Adjoints is not null))
            return judgement;
        // What overflows may leave infinities or what is not a number in every gradient.
        if (layers.SelectMany(l => l.Enclosures).Any(e => !double.IsFinite(e.Bound)))
            judgement.Open("the gradients: states may overflow, and then nothing bounds them");
        else
            Gradients(judgement, layers, λ);
        return judgement;
    }

    /// <summary>Judges every gradient beside the adjoint at the run's states, and the adjoints if they were recorded.</summary>
    public void Gradients(
        Judgement judgement,
        IReadOnlyList<RecordedLayer> layers,
        double? λ = null,
        Func<int, bool>? cut = null
    )
    {
        var adjoints = Inner?.Adjoints?.Select(Matrix.Of).ToList();
        // the gradients here are float64, and their errors beside the run's
        var rounding = new Rounding(Case.Dtype, λ, Rounding.Binary64);
        var gradients = RecordedGradients.Of(Case, Tensors, layers, adjoints, rounding, cut);
        for (var slot = (adjoints?.Count ?? 0) - 1; slot >= 0; slot--)
            judgement.Gradient(
                $"the adjoint of h in {layers[slot].Name}",
                gradients[$"adjoint.{layers[slot].Suffix}"],
                adjoints![slot]
            );
        foreach (var (name, gradient) in gradients.Where(g => CaseShapes.IsGradient(g.Key)))
            if (Quantities.GetValueOrDefault(name) is not { } found)
            {
                if (Complete && HasGradients)
                    judgement.Missing(name);
            }
            else if (name != "grad.input")
                judgement.Gradient(name, gradient, Matrix.Of(found));
            else
                InputGradient(judgement, gradient, Matrix.Of(Case.TimeFirst(found)), layers[0].Rows);
    }

    private void InputGradient(Judgement judgement, Bounded gradient, Matrix recorded, Rows rows)
    {
        judgement.Gradient("grad.input", gradient, Case.Lengths is null ? recorded : rows.Gather(recorded));
        // what belongs to no sequence has no gradient
        if (Case.Lengths is not null && rows.Padding(recorded) is { Rows: > 0 } padding)
            judgement.Gradient("grad.input in the padding", Bounded.Zero(padding.Rows, padding.Columns), padding);
    }
}
