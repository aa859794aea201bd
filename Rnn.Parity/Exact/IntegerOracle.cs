namespace Rnn.Parity.Exact;

/// <summary>
/// What a case of integers is, exactly, with relu, or with tanh where it is 0 or ±1: output, h_n and every gradient in
/// integers of any length, and the proof that no evaluation in the case's type rounds, whatever the order of its sums.
/// </summary>
internal static class IntegerOracle
{
    /// <summary>The exact quantities, in the case's type.</summary>
    /// <param name="c">The case.</param>
    /// <param name="tensors">What it is given.</param>
    /// <param name="reluSlopeAtZero">What is taken for relu'(0): 0, as libtorch has it, or 1, as cuDNN has it.</param>
    /// <returns>By the names of <see cref="RnnRun"/>: output, h_n, grad.input, grad.h_0, grad.weight_ih_l0, …</returns>
    /// <exception cref="ArgumentException">Something could round: <see cref="Refuses"/> says what; or a number is no integer.</exception>
    public static IReadOnlyDictionary<string, Tensor> Of(RnnCase c, CaseTensors tensors, int reluSlopeAtZero = 0)
    {
        var (exact, refusal) = Try(c, tensors, reluSlopeAtZero);
        return exact ?? throw new ArgumentException(refusal);
    }

    /// <summary>The exact quantities or, if something could round, the sentence that says what.</summary>
    internal static (IReadOnlyDictionary<string, Tensor>? exact, string? refusal) Try(
        RnnCase c,
        CaseTensors tensors,
        int reluSlopeAtZero = 0,
        string? sloped = null
    )
    {
        var integers = new ExactIntegers(
            c.Options.NonLinearity,
            Saturation.Threshold(c.Dtype),
            reluSlopeAtZero,
            sloped
        );
        var given = CaseArrays.Of(c, tensors).ToDictionary(g => g.Key, g => CaseArrays.Map(g.Value, integers.Given));
        var recurrence = new Recurrence<ExactInteger>(c.Options, integers, given);
        var (output, h_n) = recurrence.Forward();
        if (integers.Refuses(c.Dtype) is { } forward)
            return (null, forward);
        var quantities = recurrence.Backward();
        quantities["output"] = output;
        quantities["h_n"] = h_n;
        if (tensors.H_0 is null)
            quantities.Remove("grad.h_0");
        return integers.Refuses(c.Dtype) is { } backward
            ? (null, backward)
            : (quantities.ToDictionary(q => q.Key, q => InType(q.Key, q.Value)), null);

        Tensor InType(string name, ExactInteger[,,] quantity) =>
            CaseArrays.ToTensor(c, name, CaseArrays.Map(quantity, e => (double)e.Value)).type(c.Dtype);
    }

    /// <summary>The sentence that says which sum could round, in some order, or where tanh could; null if nothing can.</summary>
    public static string? Refuses(RnnCase c, CaseTensors tensors)
    {
        using var scope = NewDisposeScope();
        return Try(c, tensors).refusal;
    }

    /// <summary>
    /// −0 becomes 0, and nothing else changes: an integer has no sign at zero, a float's depends on the order of its sum.
    /// </summary>
    public static Dictionary<string, Tensor> PlusZero(IReadOnlyDictionary<string, Tensor> quantities) =>
        quantities.ToDictionary(q => q.Key, q => q.Value.Plus(0));
}
