namespace Rnn.Parity.Numerics;

/// <summary>How far a library's tanh can be from the true one.</summary>
/// <remarks>
/// Zimmermann, Accuracy of Mathematical Functions (HAL hal-03141101, 2021), lists for glibc 2.19 ULP in float32, the
/// greatest over all numbers, and 2.2 ULP in float64, the greatest known. Of what libtorch's vectorised kernels call,
/// SLEEF's u10 functions promise 1 ULP, and so does Intel's VML in the mode that a build with MKL asks for (VML_HA, oneMKL
/// Developer Reference); the CUDA Programming Guide lists at most 2.
/// </remarks>
internal static class TanhAccuracy
{
    /// <summary>The bound that is used for all of them, in ULP.</summary>
    public const int Ulp = 3;

    /// <summary>The same in unit roundoffs u of the value: one ULP of v is at most 2u |v|.</summary>
    public const int Roundings = 2 * Ulp;

    /// <summary>
    /// The absolute error, in u, of tanh x = 2σ(2x) − 1, as the RNN of ONNX Runtime evaluates it (rnn_activation_functors.h).
    /// </summary>
    /// <remarks>
    /// For x ≥ 0, σ = 1 / (1 + e), e = exp(−2x) ≤ 1 good to 1 ULP, which is 2u: 1 + e is off by at most 2u · e/(1 + e) + u ≤ 2u of
    /// itself, σ by 3u and 2σ by 6u, absolutely, and the subtraction adds u. For x &lt; 0, σ = e / (1 + e) ≤ 1/2 is off by at
    /// most 5u of itself, which is less. To first order 7u; the eighth covers the rest. Near 0 this is any number of ULP.
    /// </remarks>
    public const int ByLogistic = 8;

    /// <summary>
    /// The absolute error, in u, that is allowed the tanh of nn.RNN on a GPU, which is that of cuDNN's fused kernel. cuDNN
    /// documents none. The least accurate tanh of the instruction set, tanh.approx.f32, is off by at most 2⁻¹¹ of itself
    /// (PTX ISA, tanh); docs/cuda.md says what was measured. In float64 it has the accuracy of the others.
    /// </summary>
    public static int OfCudnn(ScalarType dtype) =>
        dtype == ScalarType.Float64 ? 0 : (int)Math.Ceiling(Math.ScaleB(1, -11) / new Rounding(dtype).U);

    /// <summary>What is said of a run that such an error explains, and no smaller one.</summary>
    internal static string Sentence(int error, string word) =>
        $"it is {word} if its tanh is {(error == ByLogistic ? "2σ(2z) − 1, which is" : "cuDNN's, which may be")} off by {error} u even near 0, and not if its tanh is good to {Ulp} ULP";

    /// <summary>
    /// The absolute error, in u, of the tanh of an engine by its name and version: none but for "ONNX Runtime" and
    /// "onnxruntime", whatever their version. Who claims such a name is allowed it, and the report says so.
    /// </summary>
    public static int Absolute(string engine)
    {
        string[] names = ["onnxruntime", "ONNX Runtime"];
        return Array.Exists(names, name => $"{engine} ".StartsWith($"{name} ", StringComparison.OrdinalIgnoreCase))
            ? ByLogistic
            : 0;
    }
}
