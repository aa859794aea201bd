using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Oracles;

/// <summary>What a case's quantities can be in floating point: for each element a value and a derived bound.</summary>
public static class GradientBounds
{
    /// <summary>
    /// The quantities of <see cref="RnnRun"/> as this run has them, and how far any run in the case's type can be from the
    /// exact ones; so two runs differ by at most twice the bound.
    /// </summary>
    /// <param name="c">The case.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="states">
    /// Null for runs that compute their states; otherwise the bits of the states that all runs in question share, and then
    /// the gradients' exact values are those at these states: for each layer and direction (T + 1, B, H), by order of computation.
    /// </param>
    /// <exception cref="ArgumentException">An argument of relu is so near 0 that its sign is open.</exception>
    public static IReadOnlyDictionary<string, (Tensor value, Tensor bound)> Of(
        RnnCase c,
        CaseTensors tensors,
        IReadOnlyList<Tensor>? states = null
    )
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(tensors);
        var (n, recurrence) = (Arithmetic(c), Recurrence(c, CaseArrays.Of(c, tensors)));
        var (output, h_n) = recurrence.Forward(
            states?.Select(h => CaseArrays.Map(CaseArrays.Read(h), n.Given)).ToList()
        );
        var quantities = recurrence.Backward();
        quantities["output"] = output;
        quantities["h_n"] = h_n;
        if (tensors.H_0 is null)
            quantities.Remove("grad.h_0");
        return quantities.ToDictionary(
            q => q.Key,
            q =>
                (
                    CaseArrays.ToTensor(c, q.Key, CaseArrays.Map(q.Value, b => b.Value)),
                    CaseArrays.ToTensor(c, q.Key, CaseArrays.Map(q.Value, b => b.Error))
                )
        );
    }

    /// <summary>How far a run's ⟨grad_output, output⟩ + ⟨grad_h_n, h_n⟩ can be from the exact one.</summary>
    internal static double OfLoss(RnnCase c, IReadOnlyDictionary<string, double[,,]> given) =>
        Loss(c, Arithmetic(c), given.ToDictionary(g => g.Key, g => CaseArrays.Map(g.Value, Arithmetic(c).Given))).Error;

    /// <summary>⟨grad_output, output⟩ + ⟨grad_h_n, h_n⟩ in any arithmetic.</summary>
    internal static T Loss<T>(RnnCase c, Arithmetic<T> n, IReadOnlyDictionary<string, T[,,]> given)
    {
        var (output, h_n) = new Recurrence<T>(c.Options, n, given).Forward();
        var outputs = output.Cast<T>().Concat(h_n.Cast<T>());
        var cotangents = given["grad_output"].Cast<T>().Concat(given["grad_h_n"].Cast<T>());
        return n.Sum([.. outputs.Zip(cotangents, n.Product)], new("the loss"));
    }

    private static Balls Arithmetic(RnnCase c) => new(c.Options.NonLinearity, c.Dtype);

    private static Recurrence<Ball> Recurrence(RnnCase c, Dictionary<string, double[,,]> given)
    {
        var n = Arithmetic(c);
        return new(c.Options, n, given.ToDictionary(g => g.Key, g => CaseArrays.Map(g.Value, n.Given)));
    }
}
