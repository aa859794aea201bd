using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using Rnn.Parity.Tests.Fuzzing;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Folders;

/// <summary>Properties of the format: every number comes back, and a mutated folder is never taken for what it is not.</summary>
public sealed class FixtureProperties
{
    private const ulong QuietNaN = 0x7FF8000000000000;

    [Test]
    public void Random_tensors_of_float32_come_back()
    {
        var bits = ArbMap.Default.GeneratorFor<int>();
        var special = Gen.Elements(
            0,
            int.MinValue,
            1,
            int.MinValue + 1,
            0x007FFFFF,
            0x7F7FFFFF,
            0x7F800000,
            unchecked((int)0xFF800000),
            0x7FC00000,
            0x7F800001,
            -1
        );
        var values = Gen.OneOf(bits, Gen.Choose(int.MinValue, int.MaxValue), special);
        ComeBack(values.Select(b => (double)BitConverter.Int32BitsToSingle(b)), ScalarType.Float32);
    }

    [Test]
    public void Random_tensors_of_float64_come_back()
    {
        var half = Gen.Choose(int.MinValue, int.MaxValue);
        var bits = half.SelectMany(_ => half, (high, low) => ((long)high << 32) | (uint)low);
        var special = Gen.Elements(
            0,
            long.MinValue,
            1,
            long.MinValue + 1,
            0xFFFFFFFFFFFFF,
            0x7FEFFFFFFFFFFFFF,
            0x7FF0000000000000,
            0x7FF8000000000000,
            0x7FF0000000000001,
            -1
        );
        ComeBack(Gen.OneOf(bits, special).Select(BitConverter.Int64BitsToDouble), ScalarType.Float64);
    }

    [Test]
    public void A_mutated_folder_is_never_taken_for_what_it_is_not()
    {
        var tally = new FolderFuzz(13).Run(Extent.Of(400, 24, "mutated folders"));
        TestContext.Out.WriteLine(tally);
        tally.Wrong.ShouldBeEmpty();
        foreach (var fate in (Fate[])[Fate.Refused, Fate.Same, Fate.Differs, Fate.Certified])
            tally[fate].ShouldBeGreaterThan(0, fate.ToString());
    }

    [Test]
    public void A_verifier_that_believes_everything_is_found_out()
    {
        var fuzz = new FolderFuzz(13)
        {
            Verify = run =>
                [
                    .. Verification
                        .Of(run)
                        .Select(r =>
                            r with
                            {
                                Finding = new Finding(Evidence.Certified, "believed"),
                                Check = r.Check with { Claim = Evidence.Certified },
                            }
                        ),
                ],
        };
        var wrong = fuzz.Run(Extent.Of(200, 24, "mutated folders that are believed")).Wrong;
        wrong.ShouldContain(w =>
            w.Contains("where", StringComparison.Ordinal) && w.Contains("is possible", StringComparison.Ordinal)
        );
        wrong.ShouldContain(w => w.StartsWith("nothing changed, and the verdict is another", StringComparison.Ordinal));
    }

    // A tensor of any size from 1 to 20, as the input of a case; there is one NaN, whose bits the format names.
    private static void ComeBack(Gen<double> values, ScalarType dtype)
    {
        var arrays = values.ArrayOf().Where(a => a.Length is > 0 and <= 20);
        var config = Config.QuickThrowOnFailure.WithMaxTest(Extent.Of(200, 40, "random tensors that come back"));
        Prop.ForAll(arrays.ToArbitrary(), numbers => ComesBack(numbers, dtype)).Check(config);
    }

    private static bool ComesBack(double[] numbers, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var folders = new SpoiltFolder();
        var one = numbers.Select(v => double.IsNaN(v) ? BitConverter.UInt64BitsToDouble(QuietNaN) : v).ToArray();
        var c = new RnnCase("numbers", "any", numbers.Length, 1, new(1, 1, Dtype: dtype));
        var drawn = c.Draw() with { Input = tensor(one, c.InputShape).type(dtype) };
        var keys = new Dictionary<string, string>
        {
            ["device"] = "cpu",
            ["engine"] = "none",
            ["engine_version"] = "1",
        };
        new CaseFolder(c, drawn, new Dictionary<string, Tensor>(), keys).Write(folders.Case);
        var same = TensorComparison.Compare("input", folders.Read().Tensors.Input, drawn.Input) is null;
        folders.Delete();
        return same;
    }
}
