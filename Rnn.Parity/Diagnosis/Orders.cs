using System.Diagnostics.CodeAnalysis;
using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>Orders in which the four terms can be added: one function, and as many ways to round it.</summary>
internal static class Orders
{
    private static readonly (string words, Func<Operands, Tensor> z)[] all =
    [
        ("added from left to right", static o => Add(Add(o.Input, o.B_ih).Plus(o.Recurrent), o.B_hh)),
        (
            "(W_ih x + b_ih) + (W_hh h + b_hh), the biases in the products",
            static o => o.FusedInput.Plus(o.FusedRecurrent)
        ),
        (
            "(W_ih x + b_ih) + (W_hh h + b_hh), the biases after the products",
            static o => Add(o.Input, o.B_ih).Plus(Add(o.Recurrent, o.B_hh))
        ),
        (
            "(W_ih x + b_ih) + (W_hh h + b_hh), b_ih after its product and b_hh in its own",
            static o => Add(o.Input, o.B_ih).Plus(o.FusedRecurrent)
        ),
        ("added from left to right, b_ih in its product", static o => Add(o.FusedInput.Plus(o.Recurrent), o.B_hh)),
        ("the products first, then b_ih, then b_hh", static o => Add(Add(o.Input.Plus(o.Recurrent), o.B_ih), o.B_hh)),
        ("the products first, then b_hh, then b_ih", static o => Add(Add(o.Input.Plus(o.Recurrent), o.B_hh), o.B_ih)),
        ("the products first, then the sum of the biases", static o => Add(o.Input.Plus(o.Recurrent), o.Biases)),
        ("W_ih x, then the sum of the biases, then W_hh h", static o => Add(o.Input, o.Biases).Plus(o.Recurrent)),
        ("W_hh h, then the sum of the biases, then W_ih x", static o => Add(o.Recurrent, o.Biases).Plus(o.Input)),
        (
            "W_hh h + b_hh first, then W_ih x, then b_ih",
            static o => Add(Add(o.Recurrent, o.B_hh).Plus(o.Input), o.B_ih)
        ),
        ("W_hh h added up onto W_ih x + b_ih, then b_hh", static o => Add(Onto(o.FusedInput, o), o.B_hh)),
        ("W_hh h added up onto W_ih x and both biases", static o => Onto(Add(o.FusedInput, o.B_hh), o)),
        ("one product of x and h together, then the biases", static o => Add(Together(o), o.Biases)),
        ("each product added up one feature after the other", OneByOne),
        (
            "each product added up by sum()",
            static o => Add(Summed(o.X, o.W_ih), o.B_ih).Plus(Add(Summed(o.H, o.W_hh), o.B_hh))
        ),
        ("added in float64 and rounded once", InFloat64),
        (
            "(W_ih x + b_ih) + (W_hh h + b_hh), each product in float64 and rounded",
            static o =>
                Add(Narrow(Wide(o.X).mm(Wide(o.W_ih).t()), o), o.B_ih)
                    .Plus(Add(Narrow(Wide(o.H).mm(Wide(o.W_hh).t()), o), o.B_hh))
        ),
        (
            "(W_ih x + b_ih) + (W_hh h + b_hh), each bracket in float64 and rounded",
            static o =>
                Narrow(Add(Wide(o.X).mm(Wide(o.W_ih).t()), Wide(o.B_ih)), o)
                    .Plus(Narrow(Add(Wide(o.H).mm(Wide(o.W_hh).t()), Wide(o.B_hh)), o))
        ),
    ];

    /// <summary>
    /// The first order that reproduces every bit of every step of a layer, each from the run's own states; null if none
    /// does. When W_ih x is multiplied is told where it matters.
    /// </summary>
    public static string? Name(Trace run, RecordedLayer layer)
    {
        using var gradients = no_grad();
        foreach (var (words, z) in all)
        {
            switch (Reproduces(run, layer, z, whole: true), Reproduces(run, layer, z, whole: false))
            {
                case (true, true):
                    return words;
                case (true, false):
                    return words + ", W_ih x for the whole sequence at once";
                case (false, true):
                    return words + ", W_ih x for one step at a time";
            }
        }
        return null;
    }

    private static bool Reproduces(Trace run, RecordedLayer layer, Func<Operands, Tensor> z, bool whole)
    {
        for (var i = 0; i < layer.Turns; i++)
        {
            using var scope = NewDisposeScope();
            // h_t = φ(z_t)
            var h = run.Case.Options.Activation(z(new(run, layer, i, whole)));
            if (TensorComparison.Compare("h", h, run.State(layer, i)) is not null)
                return false;
        }
        return true;
    }

    private static Tensor Add(Tensor z, Tensor? b) => b is null ? z : z.Plus(b);

    private static Tensor Onto(Tensor z, Operands o) => z.addmm(o.H, o.W_hh.t());

    private static Tensor Together(Operands o) => cat([o.X, o.H], 1).mm(cat([o.W_ih, o.W_hh], 1).t());

    private static Tensor Summed(Tensor x, Tensor W) => (x.unsqueeze(1) * W).sum(-1);

    private static Tensor OneByOne(Operands o)
    {
        return Add(Product(o.X, o.W_ih), o.B_ih).Plus(Add(Product(o.H, o.W_hh), o.B_hh));

        static Tensor Product(Tensor x, Tensor W) =>
            W.size(1) == 0
                ? x.mm(W.t())
                : Enumerable
                    .Range(0, (int)W.shape[1])
                    .Select(k => x.narrow(1, k, 1) * W.select(1, k))
                    .Aggregate(static (sum, product) => sum.Plus(product));
    }

    private static Tensor InFloat64(Operands o)
    {
        var products = Wide(o.X).mm(Wide(o.W_ih).t()).Plus(Wide(o.H).mm(Wide(o.W_hh).t()));
        return Narrow(Add(products, o.Biases is null ? null : Wide(o.B_ih!).Plus(Wide(o.B_hh!))), o);
    }

    [return: NotNullIfNotNull(nameof(x))]
    private static Tensor? Wide(Tensor? x) => x?.type(ScalarType.Float64);

    private static Tensor Narrow(Tensor x, Operands o) => x.type(o.X.dtype);
}
