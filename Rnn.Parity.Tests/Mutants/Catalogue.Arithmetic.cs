using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Mutants;

// Mistakes in the nonlinearity and in the precision; and those of the documents.
public static partial class Catalogue
{
    private static IEnumerable<Mutant> Nonlinearities =>
        [
            Function("nonlinearity-missing", "The sum is the state.", s => s.Sum()),
            Function("nonlinearity-sigmoid", "The nonlinearity is the sigmoid.", s => s.Sum().sigmoid()),
            ForTanh("nonlinearity-twice", "tanh is applied to its own result.", z => z.tanh().tanh()),
            ForTanh("nonlinearity-relu-for-tanh", "The nonlinearity is relu.", z => z.relu()),
            // z (27 + z²) / (27 + 9 z²)
            ForTanh(
                "nonlinearity-pade",
                "tanh is a Padé approximant.",
                z => z * (z * z).Plus(27) / (z * z).Times(9).Plus(27)
            ),
            ForTanh("nonlinearity-hard-tanh", "tanh is cut off straight at ±1.", HardTanh),
            ForRelu("nonlinearity-tanh-for-relu", "The nonlinearity is tanh.", z => z.tanh()),
            ForRelu("nonlinearity-leaky-relu", "relu leaks below 0.", z => z.relu() - (-z).relu().Times(0.01)),
        ];

    private static IEnumerable<Mutant> Precisions =>
        [
            Operands("float16", Float16, Need.Rounds(ScalarType.Float16)),
            Operands("bfloat16", BFloat16, Need.Rounds(ScalarType.BFloat16)),
            // of as many significant bits as float16
            Operands("tf32", TF32, Need.Rounds(ScalarType.Float16, "TF32")),
            State("float16", Float16, Need.Rounds(ScalarType.Float16)),
            State("bfloat16", BFloat16, Need.Rounds(ScalarType.BFloat16)),
        ];

    private static IEnumerable<Mutant> Documents =>
        [
            Function(
                "001-no-recurrence",
                "Document 001: every row of the input begins at the same state.",
                s => s.Right(h: s.H_0)
            ),
            Function(
                "001-scalar-bias",
                "Document 001: each of the two biases is one number for all units.",
                s => s.Right(w: s.W with { B_ih = Scalar(s.W.B_ih!), B_hh = Scalar(s.W.B_hh!) }),
                Need.Units
            ),
            new Mutant(
                "002-left-to-right",
                "Document 002: the four terms are added from left to right.",
                MutantKind.Rounding,
                new(nameof(LeftToRightRnn), o => new LeftToRightRnn(o))
            ),
            Function(
                "003-doubled-tanh",
                "Document 003: the nonlinearity is applied to W_ih x + b_ih and again to the sum.",
                s => s.Φ(s.Φ(s.Input()).Plus(s.Recurrent()))
            ),
            Function(
                "003-never-reset",
                "Document 003: the history begins at random and is never reset.",
                new Plant { Initial = static (h_0, last) => last ?? (h_0 is null ? null : Random(h_0)) }
            ),
            Planted(
                "004-single-bias",
                "Document 004: there is one bias, b_ih + b_hh, in the product with the input.",
                MutantKind.Rounding,
                new(s => s.Right(w: s.W with { B_ih = s.W.B_ih!.Plus(s.W.B_hh!), B_hh = null }))
            ),
        ];

    private static Mutant Operands(string format, Func<Tensor, Tensor> f, Need rounds) =>
        Planted(
            $"operands-in-{format}",
            $"The operands of the products are {format}.",
            MutantKind.Precision,
            new(s => s.Right(f(s.X_t), f(s.H), s.W with { W_ih = f(s.W.W_ih), W_hh = f(s.W.W_hh) })),
            rounds
        );

    private static Mutant State(string format, Func<Tensor, Tensor> f, Need rounds) =>
        Planted(
            $"state-in-{format}",
            $"The state is kept in {format}.",
            MutantKind.Precision,
            new(s => f(s.Right())),
            rounds
        );

    /// <summary>Rounds to float16 and back.</summary>
    public static Tensor Float16(Tensor x) => Through(x, ScalarType.Float16);

    /// <summary>Rounds to bfloat16 and back.</summary>
    public static Tensor BFloat16(Tensor x) => Through(x, ScalarType.BFloat16);

    /// <summary>Rounds a float32 to TF32. Veltkamp's splitting: of 24 significant bits, 11 are left.</summary>
    public static Tensor TF32(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var c = x.Times((1 << 13) + 1);
        return c - (c - x);
    }

    private static Tensor Through(Tensor x, ScalarType format) => x.type(format).type(x.dtype);

    private static Tensor HardTanh(Tensor z) => z.minimum(Ones(z)).maximum(-Ones(z));

    private static Mutant ForTanh(string name, string mistake, Func<Tensor, Tensor> φ) =>
        Function(name, mistake, s => s.IsTanh ? φ(s.Sum()) : s.Right(), Need.Tanh);

    private static Mutant ForRelu(string name, string mistake, Func<Tensor, Tensor> φ) =>
        Function(name, mistake, s => s.IsTanh ? s.Right() : φ(s.Sum()), Need.ReLU);
}
