using Rnn.Parity.Cases;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Own;

/// <summary>The classes that are brought.</summary>
public sealed partial class OwnRnnTests
{
    // The output of an RNN, and twice the gradient of h_0.
    private sealed class Wrapped : Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        private readonly LeftToRightRnn inner;

        public Wrapped(LeftToRightRnn inner)
            : base("Wrapped")
        {
            this.inner = inner;
            foreach (var (name, parameter) in inner.named_parameters())
                register_parameter(name, parameter);
        }

        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0)
        {
            ArgumentNullException.ThrowIfNull(h_0);
            var twice = h_0.Plus(h_0);
            return inner.call(x, twice.sub(h_0.detach()));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Changing(RnnOptions o) : ElmanRnn("changing", o)
    {
        private readonly ParameterRnn inner = new(o);

        public override IEnumerable<(string name, TorchSharp.Modules.Parameter parameter)> named_parameters(
            bool recurse = true
        ) => inner.named_parameters(recurse);

        public override (Tensor, Tensor) forward(Tensor input, Tensor? h_0 = null)
        {
            var result = inner.call(input.clone(), h_0);
            using var without = no_grad();
            input.neg_();
            return result;
        }

        protected override IReadOnlyList<Tensor> Layer(string suffix, StepSequence x, Tensor h_0, bool reverse) => [];

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }

    private static T Disposed<T>(T value)
        where T : IDisposable
    {
        value.Dispose();
        return value;
    }

    private static RnnFactory Mine(Action<Own> change) =>
        new(
            "mine",
            o =>
            {
                var own = new Own(o);
                change(own);
                return own;
            }
        );

    /// <summary>One layer, as a person writes it; each property is a place for a mistake.</summary>
    private sealed class Own : Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        public Own(RnnOptions o)
            : base("Own")
        {
            foreach (
                var (name, shape) in new (string, long[])[]
                {
                    ("weight_ih_l0", [o.HiddenSize, o.InputSize]),
                    ("weight_hh_l0", [o.HiddenSize, o.HiddenSize]),
                    ("bias_ih_l0", [o.HiddenSize]),
                    ("bias_hh_l0", [o.HiddenSize]),
                }
            )
                if (o.Bias || name[0] == 'w')
                    register_parameter(name, Parameter(rand(shape, o.Dtype ?? ScalarType.Float32)));
        }

        public Func<string, Tensor, Tensor> Weight { get; set; } = (_, w) => w;

        public Func<Tensor, Tensor> H_0 { get; set; } = h => h;

        public Func<Tensor, Tensor> Before { get; set; } = h => h;

        public Func<Tensor, Tensor, (Tensor, Tensor)> After { get; set; } = (y, h) => (y, h);

        public bool Frozen { get; set; }

        public bool InPlace { get; set; }

        public void Extra() => register_parameter("scale", Parameter(ones(1)));

        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0)
        {
            using var frozen = Frozen ? no_grad() : null;
            var (W_ih, W_hh) = (Get("weight_ih_l0"), Get("weight_hh_l0"));
            var (b_ih, b_hh) = (Get("bias_ih_l0"), Get("bias_hh_l0"));
            var h = H_0(h_0![0]);
            if (InPlace)
                h = h.clone();
            var states = new List<Tensor>();
            foreach (var x_t in x.unbind(0))
            {
                var next = functional.linear(x_t, W_ih, b_ih).Plus(functional.linear(Before(h), W_hh, b_hh)).tanh();
                h = InPlace ? h.copy_(next) : next;
                states.Add(h);
            }
            return After(stack(states, 0), h.unsqueeze(0));

            Tensor Get(string name) => Weight(name, get_parameter(name)!);
        }
    }
}
