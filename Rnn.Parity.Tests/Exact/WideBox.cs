using System.Numerics;
using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using Rnn.Parity.Numerics;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Exact;

/// <summary>
/// What the numbers of a wide case are drawn from, M integers each. Weights and biases: M … 2M − 1, with one sign for each row
/// of each tensor; x_t: 3M … 4M − 1, with one sign for each step and sequence; h_0: 1 … M; cotangents: −M/2 … M/2 − 1. The
/// signs decide which unit is on at which step.
/// </summary>
internal sealed class WideBox
{
    private const int Most = 1 << 16;
    private readonly RnnCase c;
    private readonly Dictionary<string, double[,,]> signs = [];

    /// <summary>Draws the signs.</summary>
    public WideBox(RnnCase c, Draws random)
    {
        this.c = c;
        var (o, B) = (c.Options, (int)c.B);
        var (H, D, L) = ((int)o.HiddenSize, (int)o.NumDirections, (int)o.NumLayers);
        Rows(random, "input", (int)c.T, B, (int)o.InputSize);
        foreach (var name in (string[])["h_0", "grad_h_n"])
            signs[name] = new double[L * D, B, H];
        signs["grad_output"] = new double[(int)c.T, B, D * H];
        foreach (var suffix in o.Suffixes)
        {
            Rows(random, $"weight_ih_{suffix}", 1, H, (int)o.InputSizeOf(suffix));
            Rows(random, $"weight_hh_{suffix}", 1, H, H);
            if (o.Bias)
            {
                Rows(random, $"bias_ih_{suffix}", 1, 1, H);
                Rows(random, $"bias_hh_{suffix}", 1, 1, H);
            }
            // above the first layer, whose input is never negative, one sign for each unit
            if (!suffix.StartsWith("l0", StringComparison.Ordinal))
                SameSigns(signs[$"weight_ih_{suffix}"], signs[$"weight_hh_{suffix}"]);
        }
    }

    // One sign for each row.
    private void Rows(Draws random, string name, int first, int second, int third)
    {
        var rows = signs[name] = new double[first, second, third];
        for (var i = 0; i < first; i++)
        for (var j = 0; j < second; j++)
        for (var (k, sign) = (0, random.Sign()); k < third; k++)
            rows[i, j, k] = sign;
    }

    private static void SameSigns(double[,,] from, double[,,] to)
    {
        for (var i = 0; i < to.GetLength(1); i++)
        for (var k = 0; k < to.GetLength(2); k++)
            to[0, i, k] = from[0, i, 0];
    }

    /// <summary>
    /// A power of two for M, as great as is known, with which no point rounds and none switches a unit; null if there is
    /// none, or if its signs could hide a mistake.
    /// </summary>
    /// <param name="degree">The degree of the quantities.</param>
    public int? Greatest(int degree)
    {
        if (!c.Options.Suffixes.All(suffix => HasBothSigns(signs[$"weight_hh_{suffix}"])))
            return null;
        for (var M = Most; M > 1; )
        {
            var boxes = new IntegerBoxes();
            var given = Lows(M).ToDictionary(low => low.Key, low => CaseArrays.Map(low.Value, v => Box(v, M)));
            var recurrence = new Recurrence<IntegerBox>(c.Options, boxes, given);
            var (output, h_n) = recurrence.Forward();
            if (boxes.Open is not null || !Tells(output, h_n))
                return null;
            if (!recurrence.Backward().Values.All(Varies))
                return null;
            if (boxes.Greatest <= BigInteger.One << FloatFormat.Of(ScalarType.Float64).SignificantBits)
                return M;
            // a polynomial of this degree loses so many bits a halving of M
            var excess = (int)boxes.Greatest.GetBitLength() - FloatFormat.Of(ScalarType.Float64).SignificantBits - 1;
            M >>= Math.Max(1, excess / degree);
        }
        return null;
    }

    /// <summary>A point of the box, each as likely as any other.</summary>
    public CaseTensors Draw(int M, Draws random)
    {
        var drawn = Lows(M)
            .ToDictionary(
                low => low.Key,
                low => CaseArrays.ToTensor(c, Like(low.Key), CaseArrays.Map(low.Value, v => v + random.Below(M)))
            );
        return new(
            drawn.Where(d => IsWeight(d.Key)).ToDictionary(),
            drawn["input"],
            drawn["h_0"],
            drawn["grad_output"],
            drawn["grad_h_n"]
        );
    }

    // With rows of both signs W_hh is not symmetric, and the units are not the same, at any point.
    private static bool HasBothSigns(double[,,] W_hh) => W_hh.Cast<double>().Distinct().Count() == 2;

    // A gradient in whose terms every unit is off is 0 at every point.
    private static bool Varies(IntegerBox[,,] gradient) => gradient.Cast<IntegerBox>().Any(g => g.Low < g.High);

    // Each output has units on and units off, and each sequence ends with a unit on in every layer and direction.
    private static bool Tells(IntegerBox[,,] output, IntegerBox[,,] h_n)
    {
        var states = output.Cast<IntegerBox>().ToList();
        var last = h_n.Cast<IntegerBox>().Chunk(h_n.GetLength(2));
        return states.Any(h => h.High == 0) && last.All(units => units.Any(h => h.High > 0));
    }

    // The least integer of each number's M.
    private Dictionary<string, double[,,]> Lows(int M) =>
        signs.ToDictionary(
            s => s.Key,
            s =>
                s.Key switch
                {
                    "h_0" => CaseArrays.Map(s.Value, _ => 1.0),
                    "grad_output" or "grad_h_n" => CaseArrays.Map(s.Value, _ => -M / 2.0),
                    "input" => CaseArrays.Map(s.Value, sign => Low(sign, 3.0 * M, M)),
                    _ => CaseArrays.Map(s.Value, sign => Low(sign, M, M)),
                }
        );

    private static double Low(double sign, double least, int M) => sign > 0 ? least : 1 - least - M;

    private static IntegerBox Box(double low, int M) => IntegerBox.Between((BigInteger)low, (BigInteger)low + M - 1);

    private static bool IsWeight(string name) =>
        name.StartsWith("weight_", StringComparison.Ordinal) || name.StartsWith("bias_", StringComparison.Ordinal);

    // The quantity that lies as a given tensor does.
    private static string Like(string name) =>
        name switch
        {
            "grad_output" => "output",
            "grad_h_n" => "h_n",
            _ => $"grad.{name}",
        };
}
