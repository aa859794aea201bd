using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace Rnn.Scratch;

/// <summary>Refuses what an RNN cannot take, in a sentence, before anything native is called.</summary>
internal static class CheckInput
{
    /// <summary>Checks the arguments of <see cref="ElmanRnn.forward"/>.</summary>
    public static void Of(ElmanRnn rnn, Tensor input, Tensor? h_0)
    {
        ArgumentNullException.ThrowIfNull(input);
        var options = rnn.Options;
        var weight = Weight(rnn);
        var layout = options.BatchFirst ? "(B, T, I)" : "(T, B, I)";
        Expect(input.dim() is 2 or 3, $"input has {input.dim()} dimensions, the RNN expects {layout} or (T, I)");

        var batched = input.dim() == 3;
        var time = batched && options.BatchFirst ? 1 : 0;
        Expect(input.size(time) > 0, "input has 0 steps, the RNN expects at least 1");
        Features("input", input, options.InputSize, "the RNN");
        Like("input", input, weight, "the RNN");
        if (h_0 is null)
            return;

        State(options, h_0, batched ? [input.size(1 - time)] : [], weight);
    }

    /// <summary>Checks the arguments of a call with packed sequences.</summary>
    public static void Of(ElmanRnn rnn, PackedSequence input, Tensor? h_0)
    {
        ArgumentNullException.ThrowIfNull(input);
        var weight = Weight(rnn);
        Expect(input.data.dim() == 2, $"input's data has {input.data.dim()} dimensions, the RNN expects 2");
        Features("input", input.data, rnn.Options.InputSize, "the RNN");
        Like("input", input.data, weight, "the RNN");
        if (h_0 is not null)
            State(rnn.Options, h_0, [StepSequence.Of(input).BatchSizes![0]], weight);
    }

    private static void State(RnnOptions options, Tensor h_0, long[] batch, Tensor weight)
    {
        Shape("h_0", h_0, [options.NumLayers * options.NumDirections, .. batch, options.HiddenSize], "the RNN");
        Like("h_0", h_0, weight, "the RNN");
    }

    /// <summary>One of the RNN's weights, whose type and device are those of all.</summary>
    /// <exception cref="ObjectDisposedException">The RNN has been disposed.</exception>
    public static Tensor Weight(ElmanRnn rnn)
    {
        var weight = rnn.get_parameter("weight_ih_l0");
        return weight is { IsInvalid: false }
            ? weight
            : throw new ObjectDisposedException(rnn.GetName(), "the RNN has been disposed, and its weights with it");
    }

    /// <summary>Checks that a size is at least the smallest.</summary>
    public static void Size(string name, long size, long least = 1) =>
        Expect(size >= least, $"{name} is {size}, at least {least} is expected");

    /// <summary>Checks that a tensor is a matrix.</summary>
    public static void Matrix(string name, Tensor value, string who)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        Expect(value.dim() == 2, $"{name} has {value.dim()} dimensions, {who} expects 2");
    }

    /// <summary>Checks that a tensor is a matrix of so many columns.</summary>
    public static void Rows(string name, Tensor value, long columns, string who)
    {
        Matrix(name, value, who);
        Expect(value.shape[1] == columns, $"{name} has {value.shape[1]} features, {who} expects {columns}");
    }

    /// <summary>Checks that the last dimension of a tensor has the expected length.</summary>
    public static void Features(string name, Tensor value, long expected, string who)
    {
        var found = value.size(-1);
        Expect(found == expected, $"{name} has {found} features, {who} expects {expected}");
    }

    /// <summary>Checks the whole shape of a tensor.</summary>
    public static void Shape(string name, Tensor value, long[] expected, string who)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        var same = value.dim() == expected.Length;
        for (var i = 0; same && i < expected.Length; i++)
            same = value.size(i) == expected[i];
        Expect(same, $"{name} is {Text(value.shape)}, {who} expects {Text(expected)}");
    }

    /// <summary>Checks that a tensor has the type and the device of the weights.</summary>
    public static void Like(string name, Tensor value, Tensor weight, string who)
    {
        Expect(!value.is_sparse, $"{name} is sparse, {who} expects a dense tensor");
        Expect(value.dtype == weight.dtype, $"{name} is {value.dtype}, {who}'s weights are {weight.dtype}");
        Expect(
            value.device_type == weight.device_type && value.device_index == weight.device_index,
            $"{name} is on {value.device}, {who}'s weights are on {weight.device}"
        );
    }

    /// <summary>Throws the sentence unless the condition holds; it is put together only then.</summary>
    public static void Expect(
        bool condition,
        [InterpolatedStringHandlerArgument(nameof(condition))] ref Sentence sentence
    )
    {
        if (!condition)
            throw new ArgumentException(sentence.ToString());
    }

    /// <summary>Throws the sentence unless the condition holds.</summary>
    public static void Expect(bool condition, string sentence)
    {
        if (!condition)
            throw new ArgumentException(sentence);
    }

    private static string Text(long[] shape) => $"({string.Join(", ", shape)})";

    /// <summary>An interpolated string that is put together only where a condition does not hold.</summary>
    [InterpolatedStringHandler]
    public ref struct Sentence
    {
        private DefaultInterpolatedStringHandler text;

        public Sentence(int literals, int values, bool condition, out bool isNeeded)
        {
            isNeeded = !condition;
            text = isNeeded ? new(literals, values, CultureInfo.InvariantCulture) : default;
        }

        public void AppendLiteral(string value) => text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

        public override string ToString() => text.ToStringAndClear();
    }
}
