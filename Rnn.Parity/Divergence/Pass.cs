using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Divergences;

/// <summary>One direction of one layer, as a run had it: its inputs, its states and its weights.</summary>
internal sealed class Pass
{
    private readonly string suffix;
    private readonly Lazy<double[][][]> inputs;

    public Pass(Trace trace, int layer, bool reverse)
    {
        (Trace, Layer, Reverse) = (trace, layer, reverse);
        suffix = RnnOptions.Suffix(layer, reverse);
        var H = trace.Case.Options.HiddenSize;
        Slot = (int)(layer * trace.Case.Options.NumDirections) + (reverse ? 1 : 0);
        Input = trace.Inputs[layer];
        StateTensor = trace.Layers[layer].narrow(-1, reverse ? H : 0, H);
        H_0Tensor = trace.H_0.select(0, Slot);
        States = Values.Steps(StateTensor);
        H_0 = Values.Rows(H_0Tensor);
        inputs = new(() => Values.Steps(Input));
        W_ih = Values.Rows(Weight("weight_ih")!);
        W_hh = Values.Rows(Weight("weight_hh")!);
        B_ih = Bias("bias_ih");
        B_hh = Bias("bias_hh");
    }

    public Trace Trace { get; }
    public int Layer { get; }
    public bool Reverse { get; }

    /// <summary>Its place in h_0 and h_n.</summary>
    public int Slot { get; }

    /// <summary>(T, B, I), or D·H features above the first layer.</summary>
    public Tensor Input { get; }

    /// <summary>(T, B, H), in the order of the sequence.</summary>
    public Tensor StateTensor { get; }

    /// <summary>(B, H).</summary>
    public Tensor H_0Tensor { get; }

    /// <summary>By steps of the sequence and rows.</summary>
    public double[][][] States { get; }
    public double[][][] Inputs => inputs.Value;
    public double[][] H_0 { get; }
    public double[][] W_ih { get; }
    public double[][] W_hh { get; }
    public double[] B_ih { get; }
    public double[] B_hh { get; }

    public int T => States.Length;

    /// <summary>As in: layer 1, reverse.</summary>
    public string Name => FormattableString.Invariant($"layer {Layer}, {(Reverse ? "reverse" : "forward")}");

    /// <summary>A weight by the beginning of its name; null if there is none.</summary>
    public Tensor? Weight(string kind) => Trace.Weights.GetValueOrDefault($"{kind}_{suffix}");

    /// <summary>The step of the sequence that is computed at turn i, from 0.</summary>
    public int Time(int i) => Reverse ? T - 1 - i : i;

    /// <summary>The state that was computed at turn i; h_0 before the first.</summary>
    public double[][] State(int i) => i < 0 ? H_0 : States[Time(i)];

    /// <summary>The step of turn i as the equation has it, from this run's own previous state.</summary>
    public Step At(int i) =>
        new(
            Inputs[Time(i)],
            State(i - 1),
            W_ih,
            W_hh,
            B_ih,
            B_hh,
            Activation.For(Trace.Case.Options.NonLinearity),
            Arithmetic.Of(Input.dtype)
        );

    private double[] Bias(string kind) => Weight(kind) is { } bias ? Values.Of(bias) : new double[W_hh.Length];
}
