#:project ../Rnn.Parity
#:property PublishAot=false

// Four wrong RNNs. Each has one mistake in its step, which should be
//
//     h_t = tanh(x_t W_ihᵀ + b_ih + h_{t−1} W_hhᵀ + b_hh)
//
// Parity.Of runs each beside nn.RNN and says what differs. Name the mistakes from that, before you read the steps below.
using System.Text.RegularExpressions;
using Rnn.Parity;
using TorchSharp;
using static TorchSharp.torch;

string[] possible =
[
    "b_hh is forgotten",
    "b_ih is added twice, and b_hh not at all",
    "h_0 is ignored",
    "tanh is applied to the input's part as well",
    "the state is detached at each step",
    "W_hh is not transposed",
    "W_hh is multiplied by x",
];
(string mistake, Step step)[] suspects =
[
    ("W_hh is not transposed", (x, h, w) => (x.mm(w.W_ih.t()) + w.b_ih + h.mm(w.W_hh) + w.b_hh).tanh()),
    (
        "the state is detached at each step",
        (x, h, w) => (x.mm(w.W_ih.t()) + w.b_ih + h.detach().mm(w.W_hh.t()) + w.b_hh).tanh()
    ),
    (
        "b_ih is added twice, and b_hh not at all",
        (x, h, w) => (x.mm(w.W_ih.t()) + w.b_ih + h.mm(w.W_hh.t()) + w.b_ih).tanh()
    ),
    (
        "tanh is applied to the input's part as well",
        (x, h, w) => ((x.mm(w.W_ih.t()) + w.b_ih).tanh() + h.mm(w.W_hh.t()) + w.b_hh).tanh()
    ),
];
