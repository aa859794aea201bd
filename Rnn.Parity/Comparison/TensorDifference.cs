namespace Rnn.Parity.Comparison;

/// <summary>One element in which two tensors differ.</summary>
/// <param name="Index">Its place, outermost dimension first.</param>
/// <param name="Actual">The value of the tensor under test.</param>
/// <param name="Expected">The value that the other tensor has there.</param>
/// <param name="Ulp">How many steps between neighbouring numbers of the type lie between them; null where one of them is not a number.</param>
public sealed record ElementDifference(IReadOnlyList<long> Index, double Actual, double Expected, ulong? Ulp)
{
    /// <summary>|actual − expected|; infinite where one of them alone is not a number, 0 where both are not.</summary>
    public double Distance => Actual.Equals(Expected) ? 0 : NaNAsInfinity(Math.Abs(Actual - Expected));

    private static double NaNAsInfinity(double value) => double.IsNaN(value) ? double.PositiveInfinity : value;

    internal FloatFormat Format { get; init; } = FloatFormat.Of(ScalarType.Float64);

    /// <summary>Both values and their distance, as in: 0.25 against 0.2500001, 3 ULP. Above a million the distance says nothing more.</summary>
    public override string ToString() =>
        $"{Format.Text(Actual)} against {Format.Text(Expected)}{Ulp switch {
            null => ", no ULP distance",
            > 1_000_000 => "",
            _ => FormattableString.Invariant($", {Ulp} ULP"),
        }}";
}

/// <summary>What two tensors of one name differ in; there is no such object when their bits are the same.</summary>
/// <param name="Quantity">The tensor's name: output, h_n, grad.input, grad.weight_ih_l0, …</param>
/// <param name="Mismatch">A sentence when they cannot be compared element by element: another shape or type.</param>
/// <param name="Count">How many elements differ.</param>
/// <param name="Total">Of how many.</param>
/// <param name="Worst">The element with the greatest |actual − expected|, the first of them.</param>
public sealed record TensorDifference(
    string Quantity,
    string? Mismatch,
    long Count,
    long Total,
    ElementDifference? Worst
)
{
    /// <summary>Its name, and in what it differs: how many elements, and the worst of them.</summary>
    public override string ToString() => $"{Quantity} {Mismatch ?? Elements}";

    private string Elements =>
        FormattableString.Invariant(
            $"differs in {Count} of {Total} elements, worst at [{string.Join(", ", Worst!.Index)}]: {Worst}"
        );
}
