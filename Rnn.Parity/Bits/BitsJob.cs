using Rnn.Parity.Cases;
using Rnn.Parity.Documents;
using Rnn.Parity.Exact;
using static TorchSharp.torch;

namespace Rnn.Parity.Bits;

/// <summary>What nn.RNN and nn.RNNCell compute in fixed cases, by its bits.</summary>
public static class BitsJob
{
    /// <summary>The group of the cases in which nothing rounds; −0 counts as 0 there.</summary>
    public const string Exact = "exact";

    private const int MatrixStep = 24;
    private const int ExactStep = 8;

    /// <summary>The cases with the name of their group, in the types that libtorch computes here.</summary>
    public static IEnumerable<(string group, RnnCase c)> Cases =>
        new[]
        {
            DocumentCases.All.Select(c => ("documents", c)),
            MatrixCase.Sample(1, MatrixStep).Select(c => ("matrix", c)),
            Large.Select(c => ("large", c)),
            ExactCase.Sample(1, ExactStep).Select(c => (Exact, c)),
        }
            .SelectMany(group => group)
            .Where(g => Dtypes.Computed.Contains(g.Item2.Options.Dtype ?? ScalarType.Float32));

    // Products that a BLAS blocks, unrolls and gives to more than one thread.
    private static IEnumerable<RnnCase> Large =>
        from size in new (long T, long B, long I, long H)[]
        {
            (20, 16, 128, 64),
            (35, 20, 200, 256),
            (50, 64, 512, 512),
        }
        from dtype in new[] { ScalarType.Float32, ScalarType.Float64 }
        select new RnnCase(
            $"large-{size.T}-{size.B}-{size.I}-{size.H}-{dtype}".ToLowerInvariant(),
            "products that more than one thread computes",
            size.T,
            size.B,
            new(size.I, size.H, Dtype: dtype)
        );

    /// <summary>The fingerprints of what a case draws and of what both references make of it.</summary>
    public static IReadOnlyList<Fingerprint> Of(string group, RnnCase c)
    {
        ArgumentNullException.ThrowIfNull(c);
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        var fingerprints = Rows(Fingerprint.Drawn, Named(tensors));
        foreach (var reference in new[] { RnnFactory.Rnn, RnnFactory.RnnCell })
        {
            var run = RnnRun.Of(reference, c, tensors, CPU);
            fingerprints.AddRange(Rows(reference.Name, group == Exact ? ExactJob.PlusZero(run) : run));
        }
        return fingerprints;

        List<Fingerprint> Rows(string by, Quantities quantities) =>
            [
                .. quantities.Select(q => new Fingerprint(
                    group,
                    c.Id,
                    by,
                    q.Key,
                    q.Value.numel(),
                    Fingerprint.Of(q.Value)
                )),
            ];
    }

    private static Dictionary<string, Tensor> Named(CaseTensors tensors)
    {
        var named = new Dictionary<string, Tensor>(tensors.Weights)
        {
            ["input"] = tensors.Input,
            ["grad_output"] = tensors.GradOutput,
            ["grad_h_n"] = tensors.GradH_n,
        };
        if (tensors.H_0 is not null)
            named["h_0"] = tensors.H_0;
        return named;
    }
}
