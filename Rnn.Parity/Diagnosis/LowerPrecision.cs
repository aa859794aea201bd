using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>Steps in which a product's operands, or the state, are rounded to fewer bits than the run's type has.</summary>
internal static class LowerPrecision
{
    // one in a million, in bits
    private const int Coincidence = 20;

    /// <summary>Every format of fewer bits than the type: in a product, in both, in the state, in all; the least first.</summary>
    /// <param name="dtype">The type.</param>
    /// <param name="states">The states; integers, and numbers of fixed point, say nothing of a type.</param>
    public static IEnumerable<Alternative> Of(ScalarType dtype, Matrix states) =>
        Formats(dtype)
            .Where(f => !IsFixed(states.Values, f.bits))
            .SelectMany(f => In(f.name, f.bits, f.arithmetic, f.round));

    // All are multiples of 2^−m, where a type of so many bits has numbers between those: of v, 2^(bits − 1 − m) / v times as many.
    private static bool IsFixed(double[] states, int bits)
    {
        if (Array.TrueForAll(states, double.IsInteger))
            return true;
        var all = states.Select(Math.Abs).Where(v => v != 0 && v != 1 && double.IsFinite(v)).Distinct().ToList();
        var m = 0;
        while (m <= bits && all.Exists(v => !double.IsInteger(Math.ScaleB(v, m))))
            m++;
        return m <= bits && all.Sum(v => Math.Max(0, bits - 1 - m - Math.ILogB(v))) >= Coincidence;
    }

    private static IEnumerable<(string name, int bits, ScalarType? arithmetic, Func<double, double> round)> Formats(
        ScalarType dtype
    )
    {
        if (dtype == ScalarType.Float64)
            yield return ("float32", 24, ScalarType.Float32, static v => (float)v);
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
            yield break;
        // float32 with 10 explicit bits of 23; hardware may cut the others off instead of rounding them
        yield return ("TF32", 11, null, static v => Bits(v, 13, nearest: true));
        yield return ("TF32", 10, null, static v => Bits(v, 13, nearest: false));
        // float32 with 7 explicit bits of 23
        yield return ("bfloat16", 8, ScalarType.BFloat16, static v => Bits(v, 16, nearest: true));
        yield return ("float16", 11, ScalarType.Float16, static v => (double)(Half)v);
    }

    private static IEnumerable<Alternative> In(string format, int bits, ScalarType? arithmetic, Func<double, double> f)
    {
        (string words, Func<Steps, Steps?> change)[] all =
        [
            ("the weights W_ih are", s => s with { W_ih = s.W_ih.Map(f) }),
            ("the weights W_hh are", s => s with { W_hh = s.W_hh.Map(f) }),
            ("the weights W_ih and W_hh are", s => s with { W_ih = s.W_ih.Map(f), W_hh = s.W_hh.Map(f) }),
            ("x in W_ih x is", s => s with { X = s.X.Map(f) }),
            ("h in W_hh h is", s => s with { H = s.H.Map(f) }),
            ("the operands of W_ih x are", s => IsZero(s.X) ? null : Coarser(Input(s, f))),
            ("the operands of W_hh h are", s => IsZero(s.H) ? null : Coarser(Recurrent(s, f))),
            ("the operands of W_ih x and W_hh h are", s => IsZero(s.H) ? null : Coarser(Recurrent(Input(s, f), f))),
            ("h_t is", s => s with { Rounded = f }),
            ("the output, and not the state, is", s => PreviousStates.Near(s, s.H, Lost(s, bits)) with { Rounded = f }),
        ];
        foreach (var (words, change) in all)
            yield return Alternative.Of($"{words} rounded to", change) with
            {
                Format = format,
            };
        if (arithmetic is { } type)
            yield return Alternative.Of($"the step is computed in {format}", s => Whole(s, f, new Rounding(type)));
    }

    // The units that multiply at lower precision cut off what they add up, which is two roundings of nearest
    // (Fasi, Higham, Mikaitis, Pranesh: Numerical behavior of NVIDIA tensor cores).
    private static Steps Coarser(Steps s) => s with { Rounding = s.Rounding.Coarser() };

    // What rounding may have taken from each state but h_0: u |h| ≤ u |ĥ| / (1 − u), u = 2^−bits, and half the smallest float16.
    private static Matrix Lost(Steps s, int bits)
    {
        var u = Math.ScaleB(1, -bits);
        var lost = s.H.Map(h => u * Math.Abs(h) / (1 - u) + Math.ScaleB(1, -25));
        for (var i = 0; i < lost.Values.Length; i++)
            if (s.HRows[i / s.Size] < 0)
                lost.Values[i] = 0;
        return lost;
    }

    // a product that is zero has no operands to be rounded
    private static bool IsZero(Matrix operand) => Array.TrueForAll(operand.Values, v => v == 0);

    private static Steps Input(Steps s, Func<double, double> f) => s with { X = s.X.Map(f), W_ih = s.W_ih.Map(f) };

    private static Steps Recurrent(Steps s, Func<double, double> f) => s with { H = s.H.Map(f), W_hh = s.W_hh.Map(f) };

    private static Steps Whole(Steps s, Func<double, double> f, Rounding rounding) =>
        Recurrent(Input(s, f), f) with
        {
            B_ih = Equation.Map(s.B_ih, f),
            B_hh = Equation.Map(s.B_hh, f),
            Rounding = rounding,
            Rounded = f,
        };

    // Clears the last bits of a float32; to nearest, ties to even, after adding half, and one less where the bit before is even.
    private static double Bits(double value, int cleared, bool nearest)
    {
        var bits = BitConverter.SingleToUInt32Bits((float)value);
        if (!double.IsFinite(value))
            return value;
        if (nearest)
            bits += (1u << (cleared - 1)) - 1 + ((bits >> cleared) & 1);
        return BitConverter.UInt32BitsToSingle(bits & ~((1u << cleared) - 1));
    }
}
