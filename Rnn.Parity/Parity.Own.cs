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
        return OwnFindings.Of(new RnnFactory("mine", o => Typed(build(o), o)) { Own = own ?? new() }, options, null);
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
        return OwnFindings.Of(factory, options, null);
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
        own.Check(options);
        var parameters = OwnRnn.Parameters(trained);
        if (parameters.FirstOrDefault(p => p.Value.IsInvalid).Key is { } disposed)
            throw new ArgumentException($"trained: {disposed} has been disposed");
        if (parameters.Count == 0)
            throw new ArgumentException("trained: it has no parameters, or it has been disposed");
        own = own with { Evaluation = !trained.training };
        // a head or an embedding may be of another type
        var first =
            options
                .WeightNames.Select(name => parameters.GetValueOrDefault(own.NameOf(name)))
                .OfType<Tensor>()
                .FirstOrDefault()
            ?? parameters.Values.First();
        options = options with { Dtype = options.Dtype ?? first.dtype, Device = options.Device ?? first.device };
        if (first.device_type != options.Device!.type)
            throw new ArgumentException($"trained: it is on {first.device}, and the options ask for {options.Device}");
        using var kept = new KeptState(trained, parameters);
        var mine = new RnnFactory("mine", o => Adapt(trained, o, forward)) { Own = own, IsCallers = true };
        return OwnFindings.Of(mine, options, own.WeightsOf(kept.Weights, options));
    }

    /// <summary>
    /// A function of arrays, without any tensor, of one layer and one direction. It has no gradients, and leaves its arguments
    /// as they are.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="function">The function.</param>
    /// <param name="options">The sizes and the nonlinearity.</param>
    /// <exception cref="ArgumentException">
    /// The options are of more than one layer or direction, without biases, batch first or of a GPU, or T is neither.
    /// </exception>
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
        if (options.Device is { type: not DeviceType.CPU } device)
            throw new ArgumentException($"options: the device is {device}; a function of arrays runs on the CPU");
        if (options.Dtype is { } other && other != dtype)
            throw new ArgumentException($"options: the type is {other}, and the function's numbers are {dtype}");
        var mine = new RnnFactory("mine", o => new FunctionRnn<T>(o, function)) { Own = new() { ForwardOnly = true } };
        return OwnFindings.Of(mine, options with { Dtype = dtype }, null);
    }

    private static Adapted Adapt<T>(T own, RnnOptions options, Func<T, Tensor, Tensor, (Tensor, Tensor)> forward)
        where T : Module => new(own, options, (input, h_0) => forward(own, input, h_0));

    // A class may know one type alone, and no device.
    private static T Typed<T>(T? rnn, RnnOptions options)
        where T : Module
    {
        if (rnn is null)
            throw new RunException("the factory gives null, an RNN is expected");
        if (options.Dtype is { } dtype && rnn.parameters().Any(p => p.dtype != dtype))
            rnn.to(dtype);
        if (options.Device is { } device && rnn.parameters().Any(p => p.device_type != device.type))
            rnn.to(device);
        return rnn;
    }
}
