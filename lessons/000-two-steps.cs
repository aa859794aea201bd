#:project ../Rnn.Parity
#:property PublishAot=false

// Two unrolled steps over raw tensors, wx (I, H), wy (H, H) and b (1, H), from a state of zero:
//
//     y_0 = tanh(x_0 wx + b)
//     y_1 = tanh(y_0 wy + x_1 wx + b)
//
// nn.RNN has its weights the other way round, as (out, in), and two biases:
//
//     h_t = tanh(x_t W_ihᵀ + b_ih + h_{t−1} W_hhᵀ + b_hh)
using System.Globalization;
using Rnn.Parity.Bounds;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
manual_seed(0); // the notebook sets no seed

Console.WriteLine("One neuron: 4 inputs, a batch of 4, two steps");

// csharpier-ignore
float[] steps = [0, 1, 2, 0,  3, 4, 5, 0,  6, 7, 8, 0,  9, 0, 1, 0,    9, 8, 7, 0,  0, 0, 0, 0,  6, 5, 4, 0,  3, 2, 1, 0];
var x = tensor(steps, [2, 4, 4]); // (T, B, I)
var (wx, wy, b) = (randn(4, 1), randn(1, 1), zeros(1, 1));
var (y_0, y_1) = TwoSteps(x, wx, wy, b);
Print("y_0", y_0, width: 5);
Print("y_1", y_1, width: 5);

// Row 1 of x_1 is zero: y_1 = tanh(y_0 wy) there, so wy = atanh(y_1) / y_0.
var fromOutput = Math.Atanh(y_1[1].item<float>()) / y_0[1].item<float>();
Console.WriteLine($"wy is {wy.item<float>():F3}, and {fromOutput:F3} as computed from row 1 of the output.");
Console.WriteLine($"The notebook prints 1.0000 and -0.9544 in that row: its wy was {Math.Atanh(-0.9544):F3}.");

Console.WriteLine("\nFive neurons: the first 3 of these inputs");
x = x[.., .., ..3];
(wx, wy, b) = (randn(3, 5), randn(5, 5), randn(1, 5)); // the notebook's b is zero
(y_0, y_1) = TwoSteps(x, wx, wy, b);
Print("y_0", y_0, width: 5);
Print("y_1", y_1, width: 5);

Console.WriteLine("\nBeside nn.RNN, nn.RNNCell and ParameterRnn: wx and wy transposed, b as b_ih, zero as b_hh");
var weights = new Dictionary<string, Tensor>
{
    ["weight_ih_l0"] = wx.t(),
    ["weight_hh_l0"] = wy.t(),
    ["bias_ih_l0"] = b[0],
    ["bias_hh_l0"] = zeros(5),
};
RnnOptions options = new(3, 5);
var (rnn, cell, ours) = (nn.RNN(3, 5), nn.RNNCell(3, 5), new ParameterRnn(options));
rnn.load_state_dict(weights);
cell.load_state_dict(weights.ToDictionary(w => w.Key.Replace("_l0", ""), w => w.Value));
ours.load_state_dict(weights);
var (output, h_n) = rnn.call(x);
var h_1 = cell.call(x[0], zeros(4, 5));
var h_2 = cell.call(x[1], h_1);
Certified("the two steps are", options, weights, x, null, stack([y_0, y_1]));
Certified("nn.RNN's are", options, weights, x, null, output);
Certified("nn.RNNCell's are", options, weights, x, null, stack([h_1, h_2]));
Each(ours.call(x).output.eq(output), "ParameterRnn == nn.RNN");
Each(h_n[0].eq(output[1]), "h_n is the output of the last step");

Console.WriteLine("\nWith wy not transposed");
rnn.load_state_dict(new Dictionary<string, Tensor>(weights) { ["weight_hh_l0"] = wy });
var mistaken = rnn.call(x).Item1;
var off = (mistaken[1] - output[1]).abs().max().item<float>();
Each(mistaken[0].eq(output[0]), "the first step is the same, since its state is zero");
Claim(
    Certification.Of(options, weights, x, null, mistaken).Evidence == Evidence.Differs,
    $"the second is off by up to {off:F3}, which rounding does not explain"
);
Console.WriteLine("One neuron cannot show this mistake: a matrix of one element is its own transpose.");

Console.WriteLine(
    """

    Exercises
    1. Unroll a third step and compare it with nn.RNN on three steps. Which line is repeated?
    2. Take b as b_hh and zero as b_ih. Is the output the same? Would it be with b as both?
    """
);

static (Tensor, Tensor) TwoSteps(Tensor x, Tensor wx, Tensor wy, Tensor b)
{
    // y_0 = tanh(x_0 wx + b)
    var y_0 = tanh(x[0].mm(wx) + b);
    // y_1 = tanh(y_0 wy + x_1 wx + b)
    var y_1 = tanh(y_0.mm(wy) + x[1].mm(wx) + b);
    return (y_0, y_1);
}
