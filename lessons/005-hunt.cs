#:project ../Rnn.Parity
#:property PublishAot=false

// Four wrong RNNs, each with one mistake in its step, which should be
//
//     h_t = tanh(x_t W_ihᵀ + b_ih + h_{t−1} W_hhᵀ + b_hh)
//
// Parity.Of runs each beside nn.RNN and says what differs. Name the mistakes from that, before you read the steps.
using Rnn.Parity;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using static TorchSharp.torch;

string[] mistakes =
[
    "a. b_hh is forgotten",
    "b. h_0 is ignored, and the first state is zero",
    "c. the state is detached before each step",
    "d. W_hh is not transposed",
    "e. tanh is applied to W_ih x_t + b_ih as well",
];
(Step step, bool ignoresH_0, string mistake)[] suspects =
[
    ((x, h, w) => (x.mm(w.W_ih.t()) + w.b_ih + h.mm(w.W_hh) + w.b_hh).tanh(), false, mistakes[3]),
    ((x, h, w) => (x.mm(w.W_ih.t()) + w.b_ih + h.detach().mm(w.W_hh.t()) + w.b_hh).tanh(), false, mistakes[2]),
    (Right, true, mistakes[1]),
    ((x, h, w) => ((x.mm(w.W_ih.t()) + w.b_ih).tanh() + h.mm(w.W_hh.t()) + w.b_hh).tanh(), false, mistakes[4]),
];
Console.WriteLine("The mistakes to choose from\n  " + string.Join("\n  ", mistakes));
var solutions = "";
foreach (var (number, (step, ignoresH_0, mistake)) in suspects.Index())
{
    Finding Try(int units, OwnRnn? own = null) =>
        Parity.Of(o => new Suspect(step, ignoresH_0, o.InputSize, o.HiddenSize), new(3, units), own);

    var finding = Try(4);
    var lines = finding.ToString().Split('\n').Select(line => line.Trim()).ToList();
    // without the values, whose last digits are a machine's own
    var difference = lines
        .First(line => line.StartsWith("output") || line.Contains("grad."))
        .Split(", worst at")[0]
        .Replace("mine: ", "");
    Console.WriteLine($"\nSuspect {number + 1}: {difference}");
    Console.WriteLine($"  4 units              {Says(finding)}");
    Console.WriteLine($"  1 unit               {Says(Try(1))}");
    Console.WriteLine($"  no h_0               {Says(Try(4, new() { WithoutInitialState = true }))}");
    Console.WriteLine($"  no gradients         {Says(Try(4, new() { ForwardOnly = true }))}");
    var name = lines.Last().Split(": ") is [_, var words, ..] ? words : lines.Last();
    solutions += $"  Suspect {number + 1}: {mistake}\n    Parity.Of: {name}\n";
}
Parity.Of(o => new Suspect(Right, false, o.InputSize, o.HiddenSize), new(3, 4)).ShouldHold();
Console.WriteLine("\nThe step without a mistake is the same as nn.RNN.");

Console.WriteLine(
    """

    Exercises
    1. Name the mistake of each suspect. Then: dotnet run lessons/005-hunt.cs solutions
    2. Which of them pass a test with one unit, no h_0 and no gradients, as a notebook has it? Add a line that tries it.
    """
);
if (args is ["solutions"])
    Console.Write($"\nSolutions, with what Parity.Of says (one mistake of the list is not used)\n{solutions}");

static string Says(Finding finding) => finding.Holds ? "the same" : finding.Evidence.ToString().ToLowerInvariant();
static Tensor Right(Tensor x, Tensor h, Weights w) => (x.mm(w.W_ih.t()) + w.b_ih + h.mm(w.W_hh.t()) + w.b_hh).tanh();

delegate Tensor Step(Tensor x_t, Tensor h, Weights w);

record Weights(Tensor W_ih, Tensor W_hh, Tensor b_ih, Tensor b_hh);

class Suspect : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly Step step;
    private readonly bool ignoresH_0;

    public Suspect(Step step, bool ignoresH_0, long inputs, long units)
        : base("Suspect")
    {
        (this.step, this.ignoresH_0) = (step, ignoresH_0);
        register_parameter("weight_ih_l0", nn.Parameter(rand(units, inputs)));
        register_parameter("weight_hh_l0", nn.Parameter(rand(units, units)));
        register_parameter("bias_ih_l0", nn.Parameter(rand(units)));
        register_parameter("bias_hh_l0", nn.Parameter(rand(units)));
    }

    public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0)
    {
        Tensor Weight(string name) => get_parameter(name + "_l0")!;
        var w = new Weights(Weight("weight_ih"), Weight("weight_hh"), Weight("bias_ih"), Weight("bias_hh"));
        var h = ignoresH_0 || h_0 is null ? zeros(x.shape[1], w.b_hh.shape[0], x.dtype) : h_0[0];
        var states = stack([.. x.unbind(0).Select(x_t => h = step(x_t, h, w))]);
        return (states, h.unsqueeze(0));
    }
}
