using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using Rnn.Parity.Tests.Fixtures;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Folders;

/// <summary>A case goes to its folder and back with every bit.</summary>
public sealed class CaseFolderTests
{
    private SpoiltFolder folders = null!;

    [SetUp]
    public void Create() => folders = new SpoiltFolder();

    [TearDown]
    public void Delete() => folders.Delete();

    [Test]
    public void The_example_of_the_README_is_what_every_implementation_gives()
    {
        using var scope = NewDisposeScope();
        var folder = folders.Read();
        folder.Case.ToString().ShouldBe("case (T 2, B 1, I 1, H 2, ReLU, bias, Float32)");
        folder.Keys["engine"].ShouldBe("by hand");
        folder.Quantities.Keys.ShouldBe(["output", "h_n"]);
        foreach (var factory in RnnFactory.Implementations.Append(RnnFactory.Rnn))
        {
            var run = RnnRun.Of(factory, folder.Case, folder.Tensors, CPU);
            foreach (var (name, tensor) in folder.Quantities)
                TensorComparison.Compare(name, run[name], tensor).ShouldBeNull(factory.Name);
        }
    }

    [Test]
    public void Every_value_reads_back_to_the_same_bits(
        [Values(ScalarType.Float32, ScalarType.Float64)] ScalarType dtype
    )
    {
        using var scope = NewDisposeScope();
        var values = Special(dtype).Concat(Random(dtype, 3000 - Special(dtype).Length)).ToArray();
        var c = new RnnCase("values", "every kind of number", 5, 100, new(6, 2, Dtype: dtype));
        var drawn = c.Draw() with { Input = tensor(values, c.InputShape).type(dtype) };
        using var generator = new Generator(7);
        var output = randn(c.OutputShape, dtype, generator: generator);
        var keys = new Dictionary<string, string>
        {
            ["device"] = "cpu",
            ["engine"] = "a \"quoted\", name",
            ["engine_version"] = "1",
        };
        var written = new CaseFolder(c, drawn, new Dictionary<string, Tensor> { ["output"] = output }, keys);
        written.Write(folders.Case);
        var read = folders.Read();

        TensorComparison.Compare("input", read.Tensors.Input, written.Tensors.Input).ShouldBeNull();
        TensorComparison.Compare("h_0", read.Tensors.H_0!, written.Tensors.H_0!).ShouldBeNull();
        TensorComparison.Compare("output", read.Quantities["output"], output).ShouldBeNull();
        TensorComparison.Compare("grad_h_n", read.Tensors.GradH_n, written.Tensors.GradH_n).ShouldBeNull();
        read.Tensors.Weights.Keys.ShouldBe(written.Tensors.Weights.Keys);
        foreach (var (name, weight) in written.Tensors.Weights)
            TensorComparison.Compare(name, read.Tensors.Weights[name], weight).ShouldBeNull();
        read.Keys["engine"].ShouldBe("a \"quoted\", name");
        File.ReadAllText(folders.Tensors).ShouldNotContain('\r');
    }

    [TestCaseSource(nameof(Options))]
    public void Every_option_comes_back(RnnCase c)
    {
        using var scope = NewDisposeScope();
        WitnessCases.Draw(c).Write(folders.Case);
        var read = folders.Read();
        var keys = File.ReadAllText(folders.Keys);
        var tensors = File.ReadAllText(folders.Tensors);

        read.Case.Options.ShouldBe(c.Options);
        (read.Case.T, read.Case.B, read.Case.Unbatched).ShouldBe((c.T, c.B, c.Unbatched));
        read.Case.WithoutInitialState.ShouldBe(c.WithoutInitialState);
        read.Case.Lengths.ShouldBe(c.Lengths);
        if (c.Lengths is not null)
            read.Case.EnforceSorted.ShouldBe(c.EnforceSorted);
        read.Write(folders.Case);
        File.ReadAllText(folders.Keys).ShouldBe(keys);
        File.ReadAllText(folders.Tensors).ShouldBe(tensors);
    }

    [Test]
    public void Rows_may_come_in_any_order_with_CRLF_and_a_byte_order_mark()
    {
        using var scope = NewDisposeScope();
        var expected = folders.Read();
        var lines = File.ReadAllLines(folders.Tensors);
        var reversed = lines.Take(1).Concat(lines.Skip(1).Reverse());
        File.WriteAllText(folders.Tensors, '\uFEFF' + string.Join("\r\n", reversed) + "\r\n");
        var read = folders.Read();
        TensorComparison.Compare("output", read.Quantities["output"], expected.Quantities["output"]).ShouldBeNull();
        TensorComparison.Compare("input", read.Tensors.Input, expected.Tensors.Input).ShouldBeNull();
    }

    [Test]
    public void A_decimal_of_many_digits_is_rounded_once()
    {
        using var scope = NewDisposeScope();
        // Just above the middle of two floats: 1 + 2^-24 + 2^-60. Rounded to double first it would fall on the middle.
        SpoiltFolder.Edit(folders.Tensors, "input,1,0,0,2\n", "input,1,0,0,1.00000005960464477626\n");
        folders.Read().Tensors.Input[1, 0, 0].item<float>().ShouldBe(1 + MathF.Pow(2, -23));
    }

    private static IEnumerable<TestCaseData> Options =>
        Extent.Sample(
            WitnessCases.Gated.Where(c => c.Options.NonLinearity == NonLinearities.Tanh),
            every: 3,
            "cases that come back from a folder"
        );

    private static double[] Special(ScalarType dtype) =>
        dtype == ScalarType.Float32
            ? [0, -0.0, 1, 0.1f, float.Epsilon, -float.Epsilon, 1.17549421e-38f, float.MaxValue, .. Infinite]
            : [0, -0.0, 1, 0.1, double.Epsilon, -double.Epsilon, 2.2250738585072011e-308, double.MaxValue, .. Infinite];

    // The nan of C, Python and JavaScript; .NET's own is negative.
    private static double[] Infinite =>
        [double.PositiveInfinity, double.NegativeInfinity, BitConverter.UInt64BitsToDouble(0x7FF8000000000000)];

    private static IEnumerable<double> Random(ScalarType dtype, int count)
    {
        var random = new Random(5);
        var values = Enumerable
            .Repeat(0, int.MaxValue)
            .Select(_ =>
                dtype == ScalarType.Float32
                    ? BitConverter.Int32BitsToSingle((int)random.NextInt64())
                    : BitConverter.Int64BitsToDouble(random.NextInt64() * 2)
            );
        return values.Where(v => !double.IsNaN(v)).Take(count);
    }
}
