using Rnn.Scratch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Own;

/// <summary>The classes that are brought.</summary>
public sealed partial class OwnShapeTests
{
    private sealed class Kept : Module<Tensor, (Tensor, Tensor)>
    {
        private readonly RNN rnn;
        private Tensor? state;

        public Kept(RnnOptions o)
            : base("Kept")
        {
            rnn = RNN(o.InputSize, o.HiddenSize);
            foreach (var (name, parameter) in rnn.named_parameters())
                register_parameter(name, parameter);
        }

        public override (Tensor, Tensor) forward(Tensor x)
        {
            var (output, h_n) = rnn.call(x, state?.size(1) == x.size(1) ? state : null);
            state = h_n.DetachFromDisposeScope();
            return (output, h_n);
        }
    }

    private static (float[,,], float[,,]) Loops(
        float[,] W_ih,
        float[,] W_hh,
        float[] b_ih,
        float[] b_hh,
        float[,,] x,
        float[,,] h_0
    )
    {
        var (T, B, I, H) = (x.GetLength(0), x.GetLength(1), x.GetLength(2), b_ih.Length);
        var (output, h_n) = (new float[T, B, H], (float[,,])h_0.Clone());
        for (var t = 0; t < T; t++)
        for (var b = 0; b < B; b++)
        {
            for (var u = 0; u < H; u++)
            {
                var z = b_ih[u] + b_hh[u];
                for (var i = 0; i < I; i++)
                    z += W_ih[u, i] * x[t, b, i];
                for (var j = 0; j < H; j++)
                    z += W_hh[u, j] * h_n[0, b, j];
                output[t, b, u] = MathF.Tanh(z);
            }
            for (var u = 0; u < H; u++)
                h_n[0, b, u] = output[t, b, u];
        }
        return (output, h_n);
    }

    // As courses have it: two linear layers, one with a bias, and a head.
    private sealed class Course : Module
    {
        private readonly Linear i2h;
        private readonly Linear h2h;
        private readonly Linear h2o;

        public Course(long inputs, long units)
            : base(nameof(Course))
        {
            (i2h, h2h, h2o) = (Linear(inputs, units), Linear(units, units, hasBias: false), Linear(units, 2));
            RegisterComponents();
        }

        public bool Forgets { get; set; }

        public bool Wide { get; set; }

        public Tensor Head(Tensor x) => h2o.call(x);

        public (Tensor, Tensor) States(Tensor x, Tensor h_0)
        {
            var (h, states) = (h_0[0], new List<Tensor>());
            foreach (var x_t in x.unbind(0))
            {
                h = i2h.call(x_t).Plus(h2h.call(Forgets ? h_0[0] : h));
                h = Wide ? h.to(float64).tanh().to(float32) : h.tanh();
                states.Add(h);
            }
            return (stack(states), h.unsqueeze(0));
        }
    }

    private sealed class InOut : Module
    {
        public InOut(long inputs, long units)
            : base(nameof(InOut))
        {
            register_parameter("weight_ih_l0", Parameter(rand(inputs, units)));
            register_parameter("weight_hh_l0", Parameter(rand(units, units)));
            register_parameter("bias_ih_l0", Parameter(rand(units)));
            register_parameter("bias_hh_l0", Parameter(rand(units)));
        }

        public (Tensor, Tensor) States(Tensor x, Tensor h_0)
        {
            var (h, states) = (h_0[0], new List<Tensor>());
            foreach (var x_t in x.unbind(0))
            {
                var z = x_t.mm(P("weight_ih_l0")).Plus(P("bias_ih_l0")).Plus(h.mm(P("weight_hh_l0")));
                states.Add(h = z.Plus(P("bias_hh_l0")).tanh());
            }
            return (stack(states), h.unsqueeze(0));
        }

        private Parameter P(string name) => get_parameter(name)!;
    }
}
