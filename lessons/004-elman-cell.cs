#:project ../Rnn.Scratch
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
const int I = 5;
const int H = 20;
const int O = 10;
const int T = 4;

var (W_ih, W_hh, W_ho) = (Uniform(H, I), Uniform(H, H), Uniform(O, H));
var (b_ih, b_ho) = (Uniform(H), Uniform(O));
Console.WriteLine($"{I} inputs, {H} units, {O} outputs: one step");
var (y, h) = Step(randn(I), zeros(H));
Print("y", y);
Print("h", h);

Console.WriteLine($"\n{T} steps");
var x = randn(T, I);
var states = new List<Tensor>();
h = zeros(H);
foreach (var x_t in x.unbind(0))
{
    (y, h) = Step(x_t, h);
    states.Add(h);
}
Print("y", y);
Print("h", h);
var highest = y.abs().max().item<float>();
Claim(highest > 1, $"an output is {highest:F4}: the notebook's text has a tanh there, and its code has not");

Console.WriteLine("\nBeside nn.RNN and nn.RNNCell: b_ih of the cell is the sum of their two biases");
var (rnn, cell, ours) = (nn.RNN(I, H), nn.RNNCell(I, H), new StepLoopRnn(new(I, H)));
var half = b_ih.detach() / 2;
var weights = new Dictionary<string, Tensor>
{
    ["weight_ih_l0"] = W_ih,
    ["weight_hh_l0"] = W_hh,
    ["bias_ih_l0"] = half,
    ["bias_hh_l0"] = half,
};
rnn.load_state_dict(weights);
ours.load_state_dict(weights);
cell.load_state_dict(weights.ToDictionary(w => w.Key.Replace("_l0", ""), w => w.Value));
var output = rnn.call(x.unsqueeze(1)).Item1.squeeze(1); // (T, 1, I) to (T, 1, H): TorchSharp's nn.RNN wants a batch
var (cells, h_cell) = (new List<Tensor>(), zeros(H));
foreach (var x_t in x.unbind(0))
    cells.Add(h_cell = cell.call(x_t, h_cell));
Claim(Near(stack(states), output), "the cell's states are nn.RNN's output: 80 of 80 elements, within 1e-5");
Claim(Near(stack(cells), output), "and nn.RNNCell's: 80 of 80, within 1e-5");
Claim(Same(ours.call(x).output, output), "StepLoopRnn == nn.RNN in 80 of 80 elements");
stack(states).sum().backward();
output.sum().backward();
var (g, g_ih, g_hh) = (b_ih.grad!, Gradient("bias_ih_l0"), Gradient("bias_hh_l0"));
Claim(Same(g_ih, g_hh) && Near(g, g_ih), "the gradient of its bias is that of b_ih and that of b_hh, within 1e-5");
Claim(b_ih.abs().max().item<float>() > 1 / Math.Sqrt(H), "it starts within ±1, nn.RNN within ±1/√H = ±0.2236");

Console.WriteLine("\nnn.RNNCell(10, 20) over 6 steps of 3 sequences is nn.RNN(10, 20) with its loop outside");
var layer = new[] { nn.RNNCell(10, 20), nn.RNNCell(20, 20) };
var input = randn(6, 3, 10);
var hx = randn(2, 3, 20);
