#:project ../Rnn.Parity
#:property PublishAot=false

// Four wrong RNNs, each with one mistake in its step, which should be
//
//     h_t = tanh(x_t W_ihᵀ + b_ih + h_{t−1} W_hhᵀ + b_hh)
//
// Parity.Of runs each beside nn.RNN and says what differs. Name the mistakes from that, before you read the steps.
using Rnn.Parity;
using Rnn.Parity.Comparison;
using static TorchSharp.torch;

string[] choices =
[
    "a. b_hh is forgotten",
    "b. b_ih stands for b_hh too",
    "c. h_0 is ignored",
    "d. the state is detached before each step",
    "e. W_hh is not transposed",
    "f. tanh is applied to x_t W_ihᵀ + b_ih as well",
    "g. the activation is relu",
];
(Step step, string answer)[] suspects =
[
    ((x, h, w) => (x.mm(w.W_ih.t()) + w.b_ih + h.mm(w.W_hh) + w.b_hh).tanh(), choices[4]),
    ((x, h, w) => (x.mm(w.W_ih.t()) + w.b_ih + h.detach().mm(w.W_hh.t()) + w.b_hh).tanh(), choices[3]),
    ((x, h, w) => (x.mm(w.W_ih.t()) + w.b_ih + h.mm(w.W_hh.t()) + w.b_ih).tanh(), choices[1]),
    ((x, h, w) => ((x.mm(w.W_ih.t()) + w.b_ih).tanh() + h.mm(w.W_hh.t()) + w.b_hh).tanh(), choices[5]),
];
Console.WriteLine("The mistakes to choose from\n  " + string.Join("\n  ", choices));
var findings = suspects.Select(s => Parity.Of(o => new Suspect(s.step, o.InputSize, o.HiddenSize), new(3, 4))).ToList();
foreach (var (number, finding) in findings.Index())
{
    if (finding.Holds)
        throw new InvalidOperationException($"Suspect {number + 1} is not wrong");
    Console.WriteLine($"\nSuspect {number + 1} differs from nn.RNN");
    foreach (var line in Lines(finding).SkipLast(1))
        Console.WriteLine("  " + line);
}
Parity.Of(o => new Suspect(Right, o.InputSize, o.HiddenSize), new(3, 4)).ShouldHold();
Console.WriteLine("\nThe step without a mistake holds.");

Console.WriteLine(
    """

    Exercises
    1. Name the mistake of each suspect. Which of them has the right output, and how was it found?
    2. Which of the four would a test with one unit, a state of zero and no gradients find?
       Try it with Parity.Of(…, new(3, 1), new() { WithoutInitialState = true, ForwardOnly = true }).

    Solutions, with what Parity.Of says of the first number that differs
    """
);
foreach (var ((_, answer), finding) in suspects.Zip(findings))
    Console.WriteLine($"  {answer}\n     {Lines(finding).Last()}");

// The message without the numbers in which machines differ.
static List<string> Lines(Finding finding) =>
    [
        .. $"{finding}"
            .Split('\n')
            .Select(line => line.Trim().Split(", worst at")[0])
            .Where(line =>
                line.StartsWith("output")
                || line.StartsWith("h_n")
                || line.Contains("grad.")
                || line.StartsWith("began")
            ),
    ];

static Tensor Right(Tensor x, Tensor h, Weights w) => (x.mm(w.W_ih.t()) + w.b_ih + h.mm(w.W_hh.t()) + w.b_hh).tanh();

delegate Tensor Step(Tensor x_t, Tensor h, Weights w);

record Weights(Tensor W_ih, Tensor W_hh, Tensor b_ih, Tensor b_hh);

class Suspect : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly Step step;

    public Suspect(Step step, long inputs, long units)
        : base("Suspect")
    {
        this.step = step;
        register_parameter("weight_ih_l0", nn.Parameter(rand(units, inputs)));
        register_parameter("weight_hh_l0", nn.Parameter(rand(units, units)));
        register_parameter("bias_ih_l0", nn.Parameter(rand(units)));
        register_parameter("bias_hh_l0", nn.Parameter(rand(units)));
    }

    public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0)
    {
        Tensor Weight(string name) => get_parameter(name + "_l0")!;
        var w = new Weights(Weight("weight_ih"), Weight("weight_hh"), Weight("bias_ih"), Weight("bias_hh"));
        var h = h_0?[0] ?? zeros(x.shape[1], w.b_hh.shape[0], x.dtype);
        var states = stack([.. x.unbind(0).Select(x_t => h = step(x_t, h, w))]);
        return (states, h.unsqueeze(0));
    }
}
