#:project ../Rnn.Parity
#:property PublishAot=false

// One step, written for a sequence, that never recurs: every row of x starts from the same state h.
//
//     a = tanh((h waaᵀ + baa) + (x waxᵀ + bax))
//
// In nn.RNN row t starts from the state of row t − 1:
//
//     h_t = tanh((x_t W_ihᵀ + b_ih) + (h_{t−1} W_hhᵀ + b_hh))
using System.Globalization;
using Rnn.Scratch;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
manual_seed(42); // the notebook's seed: all that it prints follows
var data = rand(30, 2);
var (waa, baa) = (rand(1, 1), rand(1));
var (wax, bax) = (rand(1, 2), rand(1));
var (way, bay) = (rand(1, 1), rand(1));

Console.WriteLine("The notebook's RNN");
Print("wax", wax);
Print("waa", waa);
Print("bax", bax);
Print("baa", baa);
var a = Forward(data);
Print("its 30 activations", a);
Print("the last one", a[-1]);

Console.WriteLine("\nThe notebook's nn.RNN, built after its own RNN had been built six more times");
rand(6 * 7); // each time 1 + 1 + 2 + 1 + 1 + 1 numbers
var rnn = nn.RNN(2, 1);
foreach (var (name, weight) in rnn.state_dict())
    Print(name, weight);
Print("its 30 outputs", rnn.call(data.unsqueeze(1)).Item1);

Console.WriteLine("\nSide by side, with the weights of the notebook's RNN");
var weights = new Dictionary<string, Tensor>
{
    ["weight_ih_l0"] = wax,
    ["weight_hh_l0"] = waa,
    ["bias_ih_l0"] = bax,
    ["bias_hh_l0"] = baa,
};
rnn.load_state_dict(weights);
var (cell, ours) = (nn.RNNCell(2, 1), new ParameterRnn(new(2, 1)));
cell.load_state_dict(weights.ToDictionary(w => w.Key.Replace("_l0", ""), w => w.Value));
ours.load_state_dict(weights);
var output = rnn.call(data.unsqueeze(1)).Item1[.., 0]; // 30 steps of one sequence
var batch = rnn.call(data.unsqueeze(0)).Item1[0]; // one step of 30 sequences
var (h, states) = (zeros(1, 1), new List<Tensor>());
foreach (var x_t in data.split(1))
    states.Add(h = cell.call(x_t, h));
var off = (a - output).abs().max().item<float>();
Claim(off > 0.1, $"nn.RNN's output is another one, by up to {off:F3}");
OneStep("its rows, as one step of 30 sequences, are", a);
OneStep("nn.RNN's are", batch);
OneStep("nn.RNNCell's are", cell.call(data, zeros(30, 1)));
Sequence("nn.RNN's output of 30 steps of one sequence is", output);
Sequence("nn.RNNCell's, given its last state at each call, is", cat(states));
Each(ours.call(data).output.eq(output), "ParameterRnn == nn.RNN");

Console.WriteLine("\nWhat the printed numbers do not show");
var replaced = cat([zeros(29, 2), data[29..]]);
var last = rnn.call(replaced.unsqueeze(1)).Item1[29, 0];
Each(Forward(replaced)[29].eq(a[29]), "with zeros for the first 29 rows, the last activation is the same");
Each(last.ne(output[29]), "and nn.RNN's last output, which depends on all rows, is another");
var y = softmax(a.mm(way.t()) + bay, 1);
Each(y.eq(1), "the softmax, computed and thrown away, is over one unit, and so it is 1");
Claim(bax.numel() == 1, "the bias is one for all units, where nn.RNN has one for each: the same for H = 1 alone");

Console.WriteLine(
    """

    Exercises
    1. Write the loop that is missing, without nn.RNNCell, and compare it with nn.RNN.
    2. The notebook takes the given state if `not hidden_input` is false. For which states does that fail, or ignore one?
    """
);

void OneStep(string of, Tensor h) => Certified(of, ours.Options, weights, data.unsqueeze(0), null, h.view(1, 30, 1));
void Sequence(string of, Tensor h) => Certified(of, ours.Options, weights, data.unsqueeze(1), null, h.view(30, 1, 1));

Tensor Forward(Tensor x)
{
    var h = zeros(1, 1);
    // a = tanh((h waaᵀ + baa) + (x waxᵀ + bax))
    return tanh(h.mm(waa.t()) + baa + (x.mm(wax.t()) + bax));
}
