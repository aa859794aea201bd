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
    var off = (Loop(words, states[^1..], Step) - states).abs().max().item<float>();
    Claim(off > 0.01, $"the history is never reset: the same words once more give other states, by up to {off:F3}");
}

Console.WriteLine("\nThe first object applies tanh to e W_e, and again to the sum");
var product = tensor(10f); // e W_e
var (twice, once) = (tanh(tanh(product)).item<float>(), tanh(product).item<float>());
Claim(once == 1 && twice < 0.77, $"from a state of zero, e W_e = 10 gives {twice:F4}, where nn.RNN gives {once:F4}");

Console.WriteLine(
    """

    Exercises
    1. The words are read a second time, from the last state. Begin with `first` instead: the claim then stops the program. Why?
    2. Write the first object with two neurons. Its first state has the shape (1, 1) there: what happens, and why not with one?
    """
);

static Tensor Loop(Tensor words, Tensor h, Func<Tensor, Tensor, Tensor> step) =>
    cat([.. words.split(1).Select(e_t => h = step(e_t, h))]);
