#:project ../Rnn.Parity
#:property PublishAot=false

// An Elman cell with an output layer, one step of one sequence at a time; then nn.RNNCell and nn.RNN.
//
//     h_t = tanh(W_ih x_t + b_ih + W_hh h_{t−1})        one bias, where nn.RNN has b_ih and b_hh
//     y_t = W_ho h_t + b_ho                             nn.RNN has no such layer
using System.Globalization;
using Rnn.Scratch;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
manual_seed(4); // the notebook sets no seed
var (W_ih, W_hh, W_ho) = (Uniform(20, 5), Uniform(20, 20), Uniform(10, 20));
var (b_ih, b_ho) = (Uniform(20), Uniform(10));
Tensor Hidden(Tensor x_t, Tensor h) => tanh(mv(W_ih, x_t) + b_ih + mv(W_hh, h));
Tensor Output(Tensor h_t) => mv(W_ho, h_t) + b_ho;

Console.WriteLine("5 inputs, 20 units, 10 outputs: one step");
var h_1 = Hidden(randn(5), zeros(20));
Print("y_1", Output(h_1));
Print("h_1", h_1);
Console.WriteLine("Four steps");
var x = randn(4, 5);
var states = Loop(x, zeros(20), Hidden);
var y = Output(states[^1]);
Print("y_4", y);
Print("h_4", states[^1]);
Claim(y.abs().max().item<float>() > 1, "outputs exceed 1: the notebook's text has a tanh there, its code has none");

Console.WriteLine("\nBeside nn.RNN and nn.RNNCell, whose two biases are halves of its one");
var (rnn, ours) = (nn.RNN(5, 20), new StepLoopRnn(new(5, 20)));
var weights = new Dictionary<string, Tensor>
{
    ["weight_ih_l0"] = W_ih,
    ["weight_hh_l0"] = W_hh,
    ["bias_ih_l0"] = b_ih / 2,
    ["bias_hh_l0"] = b_ih / 2,
};
rnn.load_state_dict(weights);
ours.load_state_dict(weights);
var output = rnn.call(x.unsqueeze(1)).Item1.squeeze(1); // TorchSharp's nn.RNN wants a batch, here of one
var cells = Loop(x, zeros(20), Cell(5, weights, "_l0").call);
foreach (var (who, h) in new[] { ("the states", states), ("nn.RNN's", output), ("nn.RNNCell's", cells) })
    Certified(who + " are", ours.Options, weights, x.unsqueeze(1), null, h.unsqueeze(1));
Each(ours.call(x).output.eq(output), "StepLoopRnn == nn.RNN");
Claim(
    b_ih.abs().max().item<float>() > 0.2237,
    "its weights start within [-1, 1], nn.RNN's within 1/sqrt(20) = 0.2236 of 0"
);

Console.WriteLine("\nnn.RNNCell is one layer's step; nn.RNN is all steps of all layers");
var hx = Loop(randn(6, 3, 10), randn(3, 20), nn.RNNCell(10, 20).call);
Console.WriteLine($"nn.RNNCell(10, 20), called 6 times for 3 sequences: states ({string.Join(", ", hx.shape)})");
var (stacked, two) = (nn.RNN(10, 20, 2), new ParameterRnn(new(10, 20, 2)));
two.load_state_dict(stacked.state_dict());
var (input, h_0) = (randn(5, 3, 10), randn(2, 3, 20));
var (top, h_n) = stacked.call(input, h_0);
Console.WriteLine($"nn.RNN(10, 20, 2): output ({string.Join(", ", top.shape)}), h_n ({string.Join(", ", h_n.shape)})");
var below = Loop(input, h_0[0], Cell(10, stacked.state_dict(), "_l0").call);
var above = Loop(below, h_0[1], Cell(20, stacked.state_dict(), "_l1").call);
Certified("a second nn.RNNCell over the first one's states is", two.Options, stacked.state_dict(), input, h_0, above);
Certified("nn.RNN is", two.Options, stacked.state_dict(), input, h_0, top);
Each(h_n[1].eq(top[^1]), "h_n[1] is the last output; h_n[0] is the last state below, in no output");
Each(two.call(input, h_0).output.eq(top), "ParameterRnn == nn.RNN");

Console.WriteLine(
    """

    Exercises
    1. Put the output layer behind nn.RNN, for all steps at once. Of what shape is y? Compare it with y_4 above.
    2. Take one step of SGD with each RNN. Why does b_ih + b_hh change by twice as much as the one bias?
    """
);

static Tensor Uniform(params long[] shape) => empty(shape).uniform_(-1, 1).requires_grad_();
static Tensor Loop(Tensor x, Tensor h, Func<Tensor, Tensor, Tensor> step) =>
    stack([.. x.unbind(0).Select(x_t => h = step(x_t, h))]);
static TorchSharp.Modules.RNNCell Cell(long inputs, Dictionary<string, Tensor> weights, string layer)
{
    var cell = nn.RNNCell(inputs, 20);
    cell.load_state_dict(weights.Where(w => w.Key[^3..] == layer).ToDictionary(w => w.Key[..^3], w => w.Value));
    return cell;
}
