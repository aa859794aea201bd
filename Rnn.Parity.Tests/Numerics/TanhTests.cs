using System.Runtime.InteropServices;
using NUnit.Framework;
using Rnn.Parity.Numerics;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Numerics;

/// <summary>What is assumed of tanh, checked on this machine.</summary>
[MutationOf("parity")]
public sealed class TanhTests
{
    // Every 1021st float32 up to 16, beyond which tanh is 1; float64's tanh is exact to 2⁻²⁹ of a float32's ULP.
    [Test]
    public void Tanh_in_float32_is_as_accurate_as_is_assumed()
    {
        using var scope = NewDisposeScope();
        var x = Enumerable
            .Range(0, BitConverter.SingleToInt32Bits(16) / 1021)
            .Select(i => BitConverter.Int32BitsToSingle(1 + 1021 * i))
            .ToArray();
        var y = MemoryMarshal.Cast<byte, float>(tensor(x).tanh().bytes);
        var worst = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var exact = Math.Tanh(x[i]);
            // 2^(e − 23), e the exponent of the value, and at least the smallest number
            var ulp = Math.ScaleB(1, Math.Max(Math.ILogB(exact) - 23, -149));
            worst = Math.Max(worst, Math.Abs(y[i] - exact) / ulp);
        }
        TestContext.Out.WriteLine(FormattableString.Invariant($"tanh in float32 is off by at most {worst:F3} ULP"));
        worst.ShouldBeInRange(0.25, TanhAccuracy.Ulp, "less than a quarter of an ULP would be a broken measurement");
    }

    [TestCase(ScalarType.Float32, 8192)]
    [TestCase(ScalarType.Float64, 0)]
    [TestCase(ScalarType.Float16, 1)]
    [TestCase(ScalarType.BFloat16, 1)]
    public void The_tanh_of_cuDNN_is_allowed_two_to_the_minus_11(ScalarType dtype, int roundings) =>
        TanhAccuracy.OfCudnn(dtype).ShouldBe(roundings);

    [TestCase("onnxruntime", 8)]
    [TestCase("ONNX Runtime 1.20.1", 8)]
    [TestCase("ONNX Runtime", 8)]
    [TestCase("onnxruntime 1.20.0", 8)]
    [TestCase("onnxruntime-like", 0)]
    [TestCase("pytorch", 0)]
    [TestCase("", 0)]
    public void The_tanh_of_ONNX_Runtime_is_known_by_its_name(string engine, int roundings) =>
        TanhAccuracy.Absolute(engine).ShouldBe(roundings);
}
