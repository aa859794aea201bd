#:project ../Rnn.Parity
#:property PublishAot=false

// One recurrence, one input and one unit, three times: Parameters, two nn.Linear, nn.RNN. Every weight and bias is one.
//
//     h_t = relu(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)
using System.Globalization;
using Rnn.Scratch;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// The notebook draws it without a seed and prints four decimals.
float[] printed = [2.2424f, 0.1419f, 0.3966f, 1.4313f, 0.3641f, -0.6464f, -0.6286f, -0.5761f, 0.7838f, 0.4501f];
var x = tensor(printed, [1, 10, 1]); // (B, T, I)
Print("The input", x);

var (i2h, h2h, cell) = (nn.Linear(1, 1), nn.Linear(1, 1), nn.RNNCell(1, 1, nn.NonLinearities.ReLU));
var rnn = nn.RNN(1, 1, nonLinearity: nn.NonLinearities.ReLU, batchFirst: true);
foreach (var parameter in new nn.Module[] { i2h, h2h, cell, rnn }.SelectMany(module => module.parameters()))
    nn.init.ones_(parameter);

var (W_ih, W_hh, b_ih, b_hh) = (ones(1, 1), ones(1, 1), ones(1), ones(1));
var output1 = Loop((x_t, h) => (W_ih.t() * x_t + b_ih + h * W_hh.t() + b_hh).relu());
Print("1. Parameters: h_t = relu(((W_ih x_t + b_ih) + W_hh h) + b_hh)", output1);

var output2 = Loop((x_t, h) => (i2h.call(x_t) + h2h.call(h)).relu());
Print("2. nn.Linear: h_t = relu((W_ih x_t + b_ih) + (W_hh h + b_hh))", output2);

var output3 = rnn.call(x, zeros(1, 1, 1)).Item1;
Print("3. nn.RNN", output3);
var output4 = Loop((x_t, h) => cell.call(x_t, h));
Console.WriteLine();
Each(output1.eq(output2), "output1 == output2");
Each(output1.eq(output3), "output1 == output3");
Each(output1.eq(output4), "output1 == nn.RNNCell");
Console.WriteLine("The notebook's last state, 23.959234, follows from digits of its input that it does not print.");

Console.WriteLine("\n4 inputs, 5 units and a batch of 3, with weights as nn.RNN draws them");
manual_seed(2);
var theirs = nn.RNN(4, 5, nonLinearity: nn.NonLinearities.ReLU);
var weights = theirs.state_dict();
(W_ih, W_hh, b_ih, b_hh) = (
    weights["weight_ih_l0"],
    weights["weight_hh_l0"],
    weights["bias_ih_l0"],
    weights["bias_hh_l0"]
);
x = randn(10, 3, 4); // (T, B, I)
var output = theirs.call(x).Item1;
RnnOptions options = new(4, 5, NonLinearity: nn.NonLinearities.ReLU);
foreach (var ours in new ElmanRnn[] { new ParameterRnn(options), new LinearRnn(options), new StepLoopRnn(options) })
{
    ours.load_state_dict(weights);
    Each(ours.call(x).output.eq(output), $"{ours.GetName()} == nn.RNN");
}
var (h, leftToRight) = (zeros(3, 5), new List<Tensor>());
foreach (var x_t in x.unbind(0))
    // h_t = relu(((W_ih x_t + b_ih) + W_hh h_{t−1}) + b_hh), with a matrix product for *
    leftToRight.Add(h = (x_t.mm(W_ih.t()) + b_ih + h.mm(W_hh.t()) + b_hh).relu());
Certified("nn.RNN is", options, weights, x, null, output);
Certified("the first way, with mm for *, is", options, weights, x, null, stack(leftToRight));
Console.Error.WriteLine(
    $"  On this machine {stack(leftToRight).eq(output).sum().item<long>()} of them have nn.RNN's bits."
);
var product = ones(5, 5) * ones(1, 5);
Claim(product.shape is [5, 5], "* of a weight (5, 5) and a row (1, 5) is (5, 5), and a matrix product is (1, 5)");

Console.WriteLine(
    """

    Exercises
    1. The notebook detaches every state of its first way. What is the gradient of W_hh then, and what can it learn?
    2. Set b_hh to 0.1 in all three ways, or draw other inputs. Are the ten elements still equal?
    """
);

Tensor Loop(Func<Tensor, Tensor, Tensor> step)
{
    var states = new List<Tensor> { zeros(1, 1) };
    for (var t = 0; t < 10; t++)
        states.Add(step(x[.., t], states[^1]));
    return stack(states[1..], 1);
}
