using Rnn.Parity.Exact;
using static TorchSharp.torch.nn;

namespace Rnn.Parity;

/// <summary>A case that an RNN of one's own is compared on.</summary>
/// <param name="Case">The case.</param>
/// <param name="Slopes">
/// Where nothing rounds, the layers and directions in which another slope of relu at 0 would show in a gradient; null where
/// numbers round.
/// </param>
internal sealed record OwnCase(RnnCase Case, IReadOnlyList<string>? Slopes = null);

/// <summary>The cases that a class or function of one's own is compared on.</summary>
internal static class OwnCases
{
    private const int Attempts = 100;
    private const int SlopeAttempts = 20;

    /// <summary>
    /// In float32 and float64, or the type that the options ask for: every pair of one or several steps, one or several
    /// sequences, with and without h_0, in training and in evaluation, but for one step without h_0; zeros that are given; a call
    /// without gradients; and a case in which nothing rounds. Each can tell two RNNs apart, if the weights are not given and there
    /// is more than one unit.
    /// </summary>
    public static IEnumerable<OwnCase> Of(RnnOptions options, OwnRnn own, IReadOnlyDictionary<string, Tensor>? weights)
    {
        // cuDNN has no backward pass in evaluation
        var onGpu = options.Device?.type == TorchSharp.DeviceType.CUDA;
        ScalarType[] dtypes = options.Dtype is { } only ? [only] : [ScalarType.Float32, ScalarType.Float64];
        foreach (var (index, dtype) in dtypes.Index())
        {
            var (typed, second) = (options with { Dtype = dtype }, index == 1);
            RnnCase[] drawn =
            [
                new("", "several steps and sequences", 5, 3, typed),
                new("", "one step of nine sequences, one state large", 1, 9, typed)
                {
                    Degenerate = true,
                    InputLayout = Layout.Slice,
                    StateLayout = onGpu ? Layout.Contiguous : Layout.Transposed,
                    Refine = WithLargeState,
                },
                new("", "one sequence from zeros in evaluation, one step of it zero and one large", 12, 1, typed)
                {
                    Degenerate = true,
                    WithoutInitialState = true,
                    Evaluation = !onGpu,
                    OtherCalls = 1,
                    Refine = WithUnusualSteps,
                },
                new("", "twelve steps of four sequences from zeros, after calls of other sizes", 12, 4, typed)
                {
                    Degenerate = true,
                    WithoutInitialState = true,
                    OtherCalls = 2,
                },
                new("", "one step of one sequence in evaluation", 1, 1, typed)
                {
                    Degenerate = true,
                    Evaluation = !onGpu,
                },
                new("", "two steps of one sequence from zeros", 2, 1, typed)
                {
                    Degenerate = true,
                    WithoutInitialState = true,
                    OtherCalls = 1,
                },
                new("", "three sequences from zeros that are given, one step of one zero, gradients large", 3, 3, typed)
                {
                    Degenerate = true,
                    Refine = WithZerosAndLargeGradients,
                },
                new("", "twelve sequences in evaluation, without gradients", 12, 12, typed)
                {
                    Evaluation = true,
                    ForwardOnly = true,
                    InputLayout = Layout.Transposed,
                    WithoutInitialState = second,
                },
            ];
            foreach (var c in drawn)
                yield return new(Drawn(c, own, weights));
            if (weights is not null)
                continue;
            var integers = new RnnCase("", "nothing rounds", 3, 2, typed)
            {
                // what dropout scales is no integer
                Evaluation = !onGpu && (second || typed.HasDropout),
                WithoutInitialState = second,
            };
            foreach (var exact in Exact(integers, own))
                yield return exact;
        }
    }

    private static RnnCase Drawn(RnnCase c, OwnRnn own, IReadOnlyDictionary<string, Tensor>? weights)
    {
        c = own.Fit(c);
        for (var attempt = 0; ; attempt++)
        {
            var tried = c with { Id = Id(c, attempt) };
            if (weights is not null)
                tried = tried with
                {
                    Refine = t =>
                        c.Refine(
                            t with
                            {
                                Weights = t.Weights.ToDictionary(
                                    w => w.Key,
                                    w => weights.GetValueOrDefault(w.Key)?.to(c.Dtype) ?? w.Value
                                ),
                            }
                        ),
                };
            // a trained RNN is what it is, and of one unit nothing can be asked; no h_0 may be the RNN's own
            if (weights is not null || attempt == Attempts || c.Options.HiddenSize == 1 || Blind(tried) is null)
                return tried;
        }
    }

    /// <summary>Why a case cannot tell every mistake; null if it can.</summary>
    public static string? Blind(RnnCase c) =>
        Gate.Rejects(c with { Degenerate = c.Degenerate || c.WithoutInitialState });

    // A step may be padding, and a number larger than those that are drawn.
    private static CaseTensors WithUnusualSteps(CaseTensors drawn)
    {
        var input = drawn.Input.clone();
        var time = input.size(0) == 1 ? 1 : 0;
        input.narrow(time, 3, 1).zero_();
        var large = input.narrow(time, 7, 1);
        large.copy_(large.Times(16));
        return drawn with { Input = input };
    }

    // A sequence may be padded, and a start may be told by its zeros.
    private static CaseTensors WithZerosAndLargeGradients(CaseTensors drawn)
    {
        var input = drawn.Input.clone();
        input.narrow(0, 1, 1).narrow(1, 1, 1).zero_();
        return drawn with
        {
            Input = input,
            H_0 = drawn.H_0 is { } h_0 ? zeros_like(h_0) : null,
            GradOutput = drawn.GradOutput.Times(256),
            GradH_n = drawn.GradH_n.Times(256),
        };
    }

    private static CaseTensors WithLargeState(CaseTensors drawn)
    {
        if (drawn.H_0 is null)
            return drawn;
        var h_0 = drawn.H_0.clone();
        var large = h_0.narrow(1, 1, 1);
        large.copy_(large.Times(16));
        return drawn with { H_0 = h_0 };
    }

    // Of relu as many as it takes for its slope at 0 to show in every layer and direction.
    private static IEnumerable<OwnCase> Exact(RnnCase c, OwnRnn own)
    {
        if (c.Options.HiddenSize == 1 || c.Options.InputSize == 0)
            yield break;
        c = own.Fit(c);
        var drawn =
            from attempt in Enumerable.Range(0, Attempts)
            where Passes(attempt)
            select c with
            {
                Id = Id(c, attempt),
                Refine = _ => Tensors(attempt),
            };
        List<string> all = HasSlopes(c) ? [.. c.Options.Suffixes] : [];
        var (open, blind) = (all, (OwnCase?)null);
        foreach (var tried in drawn.Take(SlopeAttempts))
        {
            var shown = ShowSlopeAtZero(tried, open);
            open = [.. open.Except(shown)];
            if (shown.Count > 0)
                yield return new(tried, shown);
            else
                blind ??= new(tried, shown);
            if (open.Count == 0)
                break;
        }
        if (blind is not null && open.Count == all.Count)
            yield return blind;

        bool Passes(int attempt)
        {
            using var scope = NewDisposeScope();
            return ExactGate.Passes(c, Tensors(attempt));
        }

        CaseTensors Tensors(int attempt) => new ExactTensors(c, new Draws(1, 0, attempt)).Draw(attempt);
    }

    public static bool HasSlopes(RnnCase c) => c.Options.NonLinearity == NonLinearities.ReLU && !c.ForwardOnly;

    private static List<string> ShowSlopeAtZero(RnnCase c, List<string> suffixes)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        var zero = IntegerOracle.Of(c, tensors);
        return
        [
            .. suffixes.Where(suffix =>
                IntegerOracle.Try(c, tensors, reluSlopeAtZero: 1, suffix).exact is not { } one
                || Parity.Compare("", one, zero).Evidence != Evidence.Identical
            ),
        ];
    }

    private static string Id(RnnCase c, int attempt) => $"own-{c.Dtype}-{c.T}x{c.B}-{attempt}";
}
