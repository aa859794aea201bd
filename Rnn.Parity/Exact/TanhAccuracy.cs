namespace Rnn.Parity.Exact;

/// <summary>How far a library's tanh can be from the true one.</summary>
/// <remarks>
/// Zimmermann, Accuracy of Mathematical Functions (HAL hal-03141101, 2021), lists for glibc 2.19 ULP in float32, the
/// greatest over all numbers, and 2.2 ULP in float64, the greatest known. SLEEF's u10 functions, which libtorch's
/// vectorised kernels call, promise 1 ULP; the CUDA Programming Guide lists at most 2.
/// </remarks>
public static class TanhAccuracy
{
    /// <summary>The bound that is used for all of them, in ULP.</summary>
    public const int Ulp = 3;

    /// <summary>The same in unit roundoffs u of the value: one ULP of v is at most 2u |v|.</summary>
    public const int Roundings = 2 * Ulp;
}
