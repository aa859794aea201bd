using Rnn.Parity.Exact;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Rnn.Parity;

/// <summary>An RNN of one's own beside nn.RNN, on cases that are drawn for it.</summary>
public static partial class Parity
{
    /// <summary>A class with nn.RNN's forward: (T, B, I) and (L·D, B, H), or null for zeros, to output and h_n.</summary>
    /// <param name="build">Builds a new one at each call, with these options.</param>
    /// <param name="options">The sizes, and what else nn.RNN is built with; without a type, float32 and float64 are tried.</param>
    /// <param name="own">In what it is unlike nn.RNN, if it is.</param>
    /// <returns>The least evidence of all cases, with what was compared and the explanation of the first that is the least.</returns>
    /// <exception cref="ArgumentException">An option is invalid; the message names it.</exception>
    public static Finding Of(
        Func<RnnOptions, Module<Tensor, Tensor?, (Tensor, Tensor)>> build,
        RnnOptions options,
        OwnRnn? own = null
    )
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(options);
        return Of(new RnnFactory("mine", o => Typed(build(o), o)) { Own = own ?? new() }, options, null);
    }

    /// <summary>A class with another forward, which the given function calls.</summary>
    /// <param name="build">Builds a new one at each call, with these options.</param>
    /// <param name="forward">The RNN, x (T, B, I) and h_0 (L·D, B, H) to the output (T, B, D·H) and h_n (L·D, B, H).</param>
    /// <param name="options">The sizes, and what else nn.RNN is built with.</param>
    /// <param name="own">In what else it is unlike nn.RNN.</param>
    /// <returns>The least evidence of all cases, with what was compared and the explanation of the first that is the least.</returns>
    /// <exception cref="ArgumentException">An option is invalid; the message names it.</exception>
    public static Finding Of<T>(
        Func<RnnOptions, T> build,
        Func<T, Tensor, Tensor, (Tensor output, Tensor h_n)> forward,
        RnnOptions options,
        OwnRnn? own = null
    )
        where T : Module
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(options);
        var factory = new RnnFactory("mine", o => Adapt(Typed(build(o), o), o, forward)) { Own = own ?? new() };
        return Of(factory, options, null);
    }

    /// <summary>An RNN that exists, with the weights that it has. It keeps them, and loses its gradients.</summary>
    /// <param name="trained">The RNN.</param>
    /// <param name="forward">It, x (T, B, I) and h_0 (L·D, B, H) to the output (T, B, D·H) and h_n (L·D, B, H).</param>
    /// <param name="options">The sizes, and what else nn.RNN is built with; without a type and a device, its own.</param>
    /// <param name="own">In what else it is unlike nn.RNN.</param>
    /// <returns>As of a class, but for the case in which nothing rounds, whose weights are integers.</returns>
    public static Finding Of<T>(
        T trained,
        Func<T, Tensor, Tensor, (Tensor output, Tensor h_n)> forward,
        RnnOptions options,
        OwnRnn? own = null
    )
        where T : Module
    {
        ArgumentNullException.ThrowIfNull(trained);
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(options);
        using var scope = NewDisposeScope();
        options.Checked();
        own ??= new();
        var parameters = OwnRnn.Parameters(trained);
        if (parameters.FirstOrDefault(p => p.Value.IsInvalid).Key is { } disposed)
            throw new ArgumentException($"trained: {disposed} has been disposed");
        var kept = parameters.ToDictionary(p => p.Key, p => p.Value.detach().clone());
        var modes = trained
            .named_modules()
            .Select(m => (m.module, m.module.training))
            .Prepend((trained, trained.training))
            .ToList();
        var first = parameters.Values.FirstOrDefault();
        options = options with { Dtype = options.Dtype ?? first?.dtype, Device = options.Device ?? first?.device };
        var mine = new RnnFactory("mine", o => Adapt(trained, o, forward)) { Own = own, IsCallers = true };
        try
        {
            return Of(mine, options, own.WeightsOf(kept, options));
        }
        finally
        {
            using var without = no_grad();
            foreach (var (name, value) in kept.Where(k => !parameters[k.Key].IsInvalid))
                parameters[name].copy_(value);
            // from the whole to its parts
            foreach (var (module, mode) in modes)
                module.train(mode);
        }
    }

    /// <summary>A function of arrays, without any tensor, of one layer and one direction. It has no gradients.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="function">The function.</param>
    /// <param name="options">The sizes and the nonlinearity.</param>
    /// <exception cref="ArgumentException">The options are of more than one layer or direction, or without biases, or T is neither.</exception>
    public static Finding OfFunction<T>(RnnFunction<T> function, RnnOptions options)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(options);
        ScalarType dtype =
            typeof(T) == typeof(float) ? ScalarType.Float32
            : typeof(T) == typeof(double) ? ScalarType.Float64
            : throw new ArgumentException($"the numbers are {typeof(T).Name}, float or double is expected");
        if (options is not { NumLayers: 1, Bidirectional: false, Bias: true, BatchFirst: false })
            throw new ArgumentException(
                "options: a function of arrays is one layer of one direction with biases, and not batch first"
            );
        if (options.Dtype is { } other && other != dtype)
            throw new ArgumentException($"options: the type is {other}, and the function's numbers are {dtype}");
        var mine = new RnnFactory("mine", o => new FunctionRnn<T>(o, function)) { Own = new() { ForwardOnly = true } };
        return Of(mine, options with { Dtype = dtype }, null);
    }

    private static Finding Of(RnnFactory mine, RnnOptions options, IReadOnlyDictionary<string, Tensor>? weights)
    {
        options.Checked();
        mine.Own.Check(options);
        using var precision = new FullPrecision();
        var device = options.Device ?? CPU;
        if (device.type == DeviceType.CUDA && options is { Dropout: > 0, NumLayers: > 1 })
            throw new ArgumentException(
                $"options: the dropout is {options.Dropout}; on a GPU nn.RNN draws masks of its own, and 0 is expected"
            );
        var judged = (
            from own in OwnCases.Of(options, mine.Own, weights)
            let finding = Of(mine, RnnFactory.Rnn, own.c, device)
            select (own.c, finding: own.exact ? Exactly(finding, mine, own.c, device) : finding)
        ).ToList();
        var findings = judged.ConvertAll(j => j.finding);
        var least = findings.MinBy(f => f.Evidence)!;
        var words = judged
            .GroupBy(j => j.finding.Evidence)
            .OrderBy(g => g.Key)
            .Select(g =>
                $"{g.Key.ToString().ToLowerInvariant()} in {g.Count()}"
                + (
                    g.Key > Evidence.Undecided || g.Count() == judged.Count
                        ? ""
                        : $" ({string.Join("; ", g.Select(j => $"{j.c.Dtype}, {j.c.Reason}"))})"
                )
            );
        // what the gate would not let pass if it were drawn
        var blind =
            options.HiddenSize == 1 ? "; with one unit a transposed W_hh is the same"
            : weights is not null && OwnCases.Blind(judged[0].c) is { } reason
                ? $"; its weights cannot tell all mistakes: {reason}"
            : "";
        return least with
        {
            Detail = $"of {findings.Count} cases beside nn.RNN, {string.Join(", ", words)}{blind}",
            Elements = findings.Sum(f => f.Elements),
            Differing = findings.Sum(f => f.Differing),
            WorstUlp = findings.Max(f => f.WorstUlp),
            BoundRatio = findings.Max(f => f.BoundRatio),
            ProbableRatio = findings.Max(f => f.ProbableRatio),
            WidestBound = findings.Max(f => f.WidestBound),
            Doubt = findings.Select(f => f.Doubt).FirstOrDefault(doubt => doubt is not null),
        };
    }

    // Where nothing rounds, any other bit than the oracle's is another function's.
    private static Finding Exactly(Finding finding, RnnFactory mine, RnnCase c, Device device)
    {
        if (finding.Evidence == Evidence.Identical)
            return finding with { Evidence = Evidence.Exact };
        var relu = c.Options.NonLinearity == NonLinearities.ReLU;
        // relu'(0) is 1 in cuDNN
        if (relu && device.type == DeviceType.CUDA)
            finding = Of(mine, RnnFactory.RnnCell, c, device);
        if (finding.Evidence != Evidence.Certified)
            return finding;
        var beside = BesideIntegers(mine, c, device);
        return beside.Evidence != Evidence.Identical
                ? beside with
                {
                    Explanation =
                        $"{beside.Explanation}\n  nothing rounds in this case: another function, by less than rounding can be elsewhere",
                }
            : relu ? beside with { Evidence = Evidence.Exact }
            : finding;
    }

    private static Finding BesideIntegers(RnnFactory mine, RnnCase c, Device device)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        try
        {
            var actual = IntegerOracle.PlusZero(RnnRun.Of(mine, c, tensors, device));
            // another tanh may be saturated without a slope of exactly 0
            var isRelu = c.Options.NonLinearity == NonLinearities.ReLU;
            var expected = IntegerOracle
                .Of(c, tensors)
                .Where(q => actual.ContainsKey(q.Key) && (isRelu || q.Key is "output" or "h_n"))
                .ToDictionary();
            return Compare(
                $"{c}: {mine} is not exact",
                actual.Where(q => expected.ContainsKey(q.Key)).ToDictionary(),
                expected
            );
        }
        catch (RunException e)
        {
            return NotCompared(c, e);
        }
    }

    private static Adapted Adapt<T>(T own, RnnOptions options, Func<T, Tensor, Tensor, (Tensor, Tensor)> forward)
        where T : Module => new(own, options, (input, h_0) => forward(own, input, h_0));

    // A class may know one type alone.
    private static T Typed<T>(T? rnn, RnnOptions options)
        where T : Module
    {
        if (rnn is null)
            throw new RunException("the factory gives null, an RNN is expected");
        if (options.Dtype is { } dtype && rnn.parameters().Any(p => p.dtype != dtype))
            rnn.to(dtype);
        return rnn;
    }
}
