using System.Globalization;
using System.Runtime.InteropServices;

namespace Rnn.Parity.Cases;

/// <summary>How a tensor lies in memory.</summary>
public enum Layout
{
    /// <summary>Contiguous.</summary>
    Contiguous,

    /// <summary>A transposed view: its first dimension varies fastest.</summary>
    Transposed,

    /// <summary>A slice of the features of a wider tensor.</summary>
    Slice,
}

/// <summary>A configuration to compare implementations on, and the reason why it exists.</summary>
/// <param name="Id">Short and stable; the case can be run again from it alone.</param>
/// <param name="Reason">Why this case exists.</param>
/// <param name="T">The sequence length.</param>
/// <param name="B">The batch.</param>
/// <param name="Options">What the RNN is built with.</param>
public sealed record RnnCase(string Id, string Reason, long T, long B, RnnOptions Options)
{
    private const int MostLayers = 10_000;

    /// <summary>The three-digit number of the document that this case comes from, or a dash.</summary>
    public string Document { get; init; } = "-";

    /// <summary>Whether input and states have no batch dimension; B is one then.</summary>
    public bool Unbatched { get; init; }

    /// <summary>Whether h_0 is left out.</summary>
    public bool WithoutInitialState { get; init; }

    /// <summary>Whether the modules are in evaluation mode; in training the dropout draws the same mask for everyone.</summary>
    public bool Evaluation { get; init; }

    /// <summary>How the input lies in memory.</summary>
    public Layout InputLayout { get; init; }

    /// <summary>How h_0 lies in memory.</summary>
    public Layout StateLayout { get; init; }

    /// <summary>The lengths of the sequences if they are packed, the longest of T steps; else null.</summary>
    public IReadOnlyList<long>? Lengths { get; init; }

    /// <summary>Whether packed sequences come longest first.</summary>
    public bool EnforceSorted { get; init; } = true;

    /// <summary>Whether the gradient of the gradients is compared as well.</summary>
    public bool SecondOrder { get; init; }

    /// <summary>Whether output and h_n alone are compared, computed without gradients.</summary>
    public bool ForwardOnly { get; init; }

    /// <summary>How many calls there are before all others, up to two: of other sizes, in the other mode, the first with an h_0.</summary>
    internal int OtherCalls { get; init; }

    /// <summary>Whether a size of one, or an h_0 that is missing or zero, is this case's point.</summary>
    public bool Degenerate { get; init; }

    /// <summary>How many draws the gate rejected before this case.</summary>
    public int Rejections { get; init; }

    /// <summary>Replaces some of the drawn tensors by a document's own.</summary>
    public Func<CaseTensors, CaseTensors> Refine { get; init; } = static drawn => drawn;

    /// <summary>The shape of the input.</summary>
    public long[] InputShape => Shape(T, B, Options.InputSize);

    /// <summary>The shape of the output.</summary>
    public long[] OutputShape => Shape(T, B, Options.NumDirections * Options.HiddenSize);

    /// <summary>The shape of what a run returns: a packed output is the data, one row a step and sequence.</summary>
    public long[] RunOutputShape => Lengths is null ? OutputShape : [Lengths.Sum(), OutputShape[^1]];

    /// <summary>The shape of h_0 and h_n.</summary>
    public long[] StateShape =>
        Unbatched
            ? [Options.NumLayers * Options.NumDirections, Options.HiddenSize]
            : [Options.NumLayers * Options.NumDirections, B, Options.HiddenSize];

    /// <summary>Whether numbers are drawn for what dropout leaves out.</summary>
    internal bool Drops => Options.HasDropout && !Evaluation;

    /// <summary>The case in an order of evaluation.</summary>
    public RnnCase In(EvaluationOrder order) => this with { Options = Options with { Order = order } };

    /// <summary>
    /// The case without what cuDNN does not take or does otherwise on a GPU: gradients of gradients, an h_0 with gaps, and
    /// dropout, whose masks it draws itself.
    /// </summary>
    public RnnCase FittedTo(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.type != TorchSharp.DeviceType.CUDA
            ? this
            : this with
            {
                SecondOrder = false,
                StateLayout = Layout.Contiguous,
                Options = Options with { Dropout = 0 },
            };
    }

    /// <summary>The type that the case is computed in.</summary>
    public ScalarType Dtype => Options.Dtype ?? ScalarType.Float32;

    /// <summary>An input or output as (T, B, ·), whether batch first or unbatched; packed data, (N, ·), as (N, 1, ·).</summary>
    public Tensor TimeFirst(Tensor sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        return sequence.dim() == 2 ? sequence.unsqueeze(1)
            : Options.BatchFirst ? sequence.transpose(0, 1)
            : sequence;
    }

    /// <summary>The way back from <see cref="TimeFirst"/>.</summary>
    public Tensor AsOutput(Tensor steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return Unbatched || Lengths is not null ? steps.squeeze(1)
            : Options.BatchFirst ? steps.transpose(0, 1)
            : steps;
    }

    /// <summary>The cotangent of the output, of as many rows as a packed output has.</summary>
    internal Tensor Cotangent(CaseTensors tensors) =>
        Lengths is null
            ? tensors.GradOutput
            : tensors.GradOutput.reshape(-1, OutputShape[^1]).narrow(0, 0, RunOutputShape[0]);

    /// <summary>Refuses more layers than there is memory for their names.</summary>
    internal static void CheckLayers(RnnOptions options) =>
        CheckInput.Expect(
            options.NumLayers <= MostLayers,
            $"num_layers is {options.NumLayers}, at most {MostLayers} are compared"
        );

    /// <summary>Draws the tensors of this case; the same ones every time.</summary>
    /// <exception cref="ArgumentException">A size is below 1 (the input size: below 0), or an option is not nn.RNN's.</exception>
    public CaseTensors Draw()
    {
        Options.Checked();
        CheckInput.Size("T", T);
        CheckInput.Size("B", B);
        ArgumentNullException.ThrowIfNull(Id);
        CheckLayers(Options);
        CheckInput.Expect(!Unbatched || B == 1, $"B is {B}, 1 is expected of a case without a batch");
        try
        {
            return Refine(CaseTensors.Draw(this));
        }
        catch (Exception e) when (e is ExternalException or OutOfMemoryException or OverflowException)
        {
            throw new ArgumentException($"the tensors of {this} do not fit into memory", e);
        }
    }

    /// <summary>The first steps of one sequence of the batch, of an input or an output that is not packed.</summary>
    internal Tensor Part(Tensor sequence, int b, long steps)
    {
        var (time, batch) = Options.BatchFirst ? (1, 0) : (0, 1);
        return Unbatched ? sequence.narrow(0, 0, steps) : sequence.narrow(batch, b, 1).narrow(time, 0, steps);
    }

    /// <summary>One sequence of the batch, or its first steps, as a case of its own, with its tensors.</summary>
    internal (RnnCase c, CaseTensors tensors) Sequence(int b, CaseTensors tensors, long steps = long.MaxValue)
    {
        var length = Math.Min(steps, Lengths?[b] ?? T);
        return (
            this with
            {
                T = length,
                B = 1,
                Lengths = null,
            },
            tensors with
            {
                Input = Part(tensors.Input, b, length),
                H_0 = Unbatched ? tensors.H_0 : tensors.H_0?.narrow(1, b, 1),
                GradOutput = Part(tensors.GradOutput, b, length),
                GradH_n = Unbatched ? tensors.GradH_n : tensors.GradH_n.narrow(1, b, 1),
            }
        );
    }

    /// <summary>The case, its sizes, and what is not nn.RNN's default, for messages.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Id} (T {T}, B {B}, I {Options.InputSize}, H {Options.HiddenSize}, {Options.NonLinearity}, {(Options.Bias ? "bias" : "no bias")}, {Dtype}{string.Concat(Particulars.Select(p => ", " + p))})"
        );

    private IEnumerable<string> Particulars
    {
        get
        {
            if (Options.NumLayers > 1)
                yield return FormattableString.Invariant($"{Options.NumLayers} layers");
            if (Options.Bidirectional)
                yield return "both directions";
            if (Options.BatchFirst)
                yield return "batch first";
            if (Options.HasDropout)
                yield return FormattableString.Invariant(
                    $"dropout {Options.Dropout} in {(Evaluation ? "evaluation" : "training")}"
                );
            if (Evaluation && ForwardOnly)
                yield return "in evaluation, without gradients";
            if (Unbatched)
                yield return "unbatched";
            if (WithoutInitialState)
                yield return "no h_0";
            if (Lengths is not null)
                yield return $"{(EnforceSorted ? "sorted" : "packed")} lengths {string.Join(' ', Lengths)}";
            if (InputLayout != Layout.Contiguous)
                yield return $"{InputLayout} input";
            if (StateLayout != Layout.Contiguous)
                yield return $"{StateLayout} h_0";
        }
    }

    private long[] Shape(long time, long batch, long features) =>
        Unbatched ? [time, features]
        : Options.BatchFirst ? [batch, time, features]
        : [time, batch, features];
}
