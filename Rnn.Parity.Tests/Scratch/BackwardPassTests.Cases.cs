using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Scratch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Scratch;

public sealed partial class BackwardPassTests
{
    private static readonly EvaluationOrder[] orders = Enum.GetValues<EvaluationOrder>();
    private static readonly ScalarType[] float64 = [ScalarType.Float64];
    private static readonly ScalarType[] both = [ScalarType.Float32, ScalarType.Float64];
    private static readonly bool[] choices = [false, true];
    private static readonly int[] depths = [1, 2, 3];

    internal static IEnumerable<RnnCase> ExactCases =>
        Shapes(both, (5, 3, 4, 6, "H > I"), (9, 2, 7, 5, "H < I, more steps"), (3, 4, 2, 8, "few steps of many units"))
            .Select(c => c with { Options = c.Options with { NonLinearity = NonLinearities.ReLU } })
            .Concat([
                Relu("unbatched", 6, 1, new(3, 5, 2, Bidirectional: true)) with
                {
                    Unbatched = true,
                },
                Relu("batch-of-one", 6, 1, new(3, 5, 2, BatchFirst: true)),
                Relu("no-state", 6, 3, new(3, 5, 2)) with
                {
                    WithoutInitialState = true,
                },
                Relu("long", 24, 2, new(4, 6, 1, Dtype: ScalarType.Float64)),
                Relu("deep", 4, 2, new(4, 6, 6, Dtype: ScalarType.Float64)),
                Relu("one-step", 1, 4, new(3, 5, 2, Bidirectional: true)),
            ]);

    private static IEnumerable<RnnCase> Float64Cases =>
        from c in Shapes(float64, (6, 3, 4, 5, "small"), (12, 5, 9, 8, "more steps"))
        from φ in Enum.GetValues<NonLinearities>()
        select c with
        {
            Id = $"{c.Id}-{φ}".ToLowerInvariant(),
            Options = c.Options with { NonLinearity = φ },
        };

    // Prime to the numbers of options, which the cases count through.
    private static IEnumerable<TestCaseData> SomeExactCases =>
        Extent.Sample(ExactCases, every: 5, "backward passes of integers");

    private static IEnumerable<TestCaseData> SomeFloat64Cases =>
        Extent.Sample(Float64Cases, every: 5, "backward passes in float64");

    private static IEnumerable<RnnCase> Shapes(
        ScalarType[] dtypes,
        params (long T, long B, long I, long H, string reason)[] shapes
    ) =>
        from s in shapes
        from layers in depths
        from bidirectional in choices
        from bias in choices
        from dtype in dtypes
        // half of the cases, so that it goes with every other choice
        let batchFirst = (layers + (bidirectional ? 1 : 0) + (bias ? 1 : 0) + (dtype == ScalarType.Float64 ? 1 : 0)) % 2
            == 0
        let options = new RnnOptions(s.I, s.H, layers, default, bias, batchFirst, 0, bidirectional, Dtype: dtype)
        let name = $"{s.T}-{s.B}-{s.I}-{s.H}-{layers}{(bidirectional ? "-both" : "")}{(bias ? "" : "-nobias")}"
        select new RnnCase($"backward-{name}-{dtype}".ToLowerInvariant(), s.reason, s.T, s.B, options);

    private static RnnCase Relu(string id, long T, long B, RnnOptions options) =>
        new(id, "a shape of its own", T, B, options with { NonLinearity = NonLinearities.ReLU });
}
