#:project ../Rnn.Parity
#:property PublishAot=false

// From a word's index to its embedding, and from the embedding to a hidden state.
//
//     functions        h_t = h_{t−1} w_h + e_tᵀ w_e
//     first object     h_t = tanh(h_{t−1} W_h + tanh(e W_e))
//     second object    h_t = tanh((W_h h_{t−1} + b_h) + (W_e e + b_e)), as nn.RNN
using System.Globalization;
using Rnn.Scratch;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var gradients = no_grad();

// The notebook's seeds; other draws of its session lie between them, and are made here too.
manual_seed(15);
var e_1 = randn(4, 1);
manual_seed(12);
var (w_h, w_e) = (randn(1, 1), randn(4, 1));
manual_seed(13);
var h_0 = randn(1, 1);
for (var i = 1; i < 20; i++)
    randn(1);
var words = randn(4, 5).t(); // (T, I)
Print("e_1", e_1);
Print("h_0", h_0);
Print("w_h", w_h);
Print("w_e", w_e);
Print("h_1 = h_0 w_h + e_1^T w_e", h_0.mm(w_h) + e_1.t().mm(w_e));
Print("The embeddings of five words, one a row", words, width: 4);
var states = Loop(words, h_0, (e_t, h) => h.mm(w_h) + e_t.mm(w_e));
Print("h_0, and the state after each word", cat([h_0, states]));
Claim(states.max().item<float>() > 1, "a state is greater than 1, as no state of tanh is");
Claim(states.min().item<float>() < 0, "and one is below 0, as no state of relu is: nn.RNN cannot be this function");

Console.WriteLine("\nThe second object, of one neuron and of two, with its random first state");
manual_seed(12);
rand(122);
var objects = new[] { 1, 2 }.Select(n => (randn(1, n), nn.Linear(4, n), nn.Linear(n, n))).ToList();
foreach (var (first, We, Wh) in objects)
{
    var neurons = (int)first.shape[1];
    // h_t = tanh((W_h h_{t−1} + b_h) + (W_e e + b_e))
    Tensor Step(Tensor e_t, Tensor h) => tanh(Wh.call(h) + We.call(e_t));
    states = Loop(words, first, Step);
    Print("Its history: the first state, and the state after each word", cat([first, states]), width: neurons);

    var (rnn, cell, ours) = (nn.RNN(4, neurons), nn.RNNCell(4, neurons), new LinearRnnCell(4, neurons));
    var weights = new Dictionary<string, Tensor>
    {
        ["weight_ih"] = We.weight!,
        ["weight_hh"] = Wh.weight!,
        ["bias_ih"] = We.bias!,
        ["bias_hh"] = Wh.bias!,
    };
    var named = weights.ToDictionary(w => w.Key + "_l0", w => w.Value);
    rnn.load_state_dict(named);
    cell.load_state_dict(weights);
    ours.load_state_dict(weights);
    var output = rnn.call(words.unsqueeze(1), first.unsqueeze(0)).Item1.squeeze(1);
    var cells = Loop(words, first, (e_t, h) => cell.call(e_t, h));
    foreach (var (who, h) in new[] { ("the states", states), ("nn.RNN's", output), ("nn.RNNCell's", cells) })
        Certified(who + " are", new(4, neurons), named, words.unsqueeze(1), first.unsqueeze(0), h.unsqueeze(1));
    Each(Loop(words, first, (e_t, h) => ours.call(e_t, h)).eq(cells), "LinearRnnCell == nn.RNNCell");
    // The notebook's object appends to its history and never empties it: a second call begins with the last state.
    var again = Loop(words, states[^1..], Step);
    var off = (again - states).abs().max().item<float>();
    Claim(
        off > 0.01,
        $"begun with the last state, as in a second call, the same words give other states, by up to {off:F3}"
    );
    var zero = rnn.call(words.unsqueeze(1)).Item1.squeeze(1);
    Each(
        zero.eq(rnn.call(words.unsqueeze(1), zeros(1, 1, neurons)).Item1.squeeze(1)),
        "without h_0, nn.RNN begins with zeros"
    );
}

Console.WriteLine("\nThe first object applies tanh to e W_e, and again to the sum");
var plain = nn.RNN(4, 1, bias: false);
var (W_e, W_h) = (plain.get_parameter("weight_ih_l0")!.t(), plain.get_parameter("weight_hh_l0")!.t());
var twice = Loop(words, zeros(1, 1), (e_t, h) => tanh(h.mm(W_h) + tanh(e_t.mm(W_e))));
var apart = (twice - plain.call(words.unsqueeze(1)).Item1.squeeze(1)).abs().max().item<float>();
Claim(apart > 0.01, $"with the same weights it is not nn.RNN, by up to {apart:F3}");
Claim(twice[0].abs().item<float>() < 0.7616, "its first state cannot pass tanh(1) = 0.7616, from a state of zero");

Console.WriteLine(
    """

    Exercises
    1. The words are read a second time, from the last state. Begin with `first` instead: the claim then stops the program. Why?
    2. Write the first object with two neurons. Its first state has the shape (1, 1) there: what happens, and why not with one?
       Multiply with mm: an exception within TorchSharp's matmul ends the process.
    """
);

static Tensor Loop(Tensor words, Tensor h, Func<Tensor, Tensor, Tensor> step) =>
    cat([.. words.split(1).Select(e_t => h = step(e_t, h))]);
