#:project ../Rnn.Parity
#:property PublishAot=false

// Two programs that evaluate one equation differ in the last bits if they add the same numbers in another order.
//
//     h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)
//
// Sums in plain C# are the same everywhere. Counts of libtorch depend on the machine, go to standard error, and may be 0:
// whether two threads add otherwise than one depends on how libtorch cuts the product.
using System.Globalization;
using Rnn.Scratch;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
manual_seed(6);

Console.WriteLine("Three numbers: above 2^24, float32 has even numbers only");
const float Large = 16777216;
Console.WriteLine($"  (2^24 + 1) + 1 = {Large + 1f + 1f:F0}");
Console.WriteLine($"  2^24 + (1 + 1) = {Large + (1f + 1f):F0}");

foreach (var round in new[] { false, true })
{
    Console.WriteLine(round ? "\nThe same with integers" : "\nThe equation's sums, 1000 times, in two ways each");
    var (wx, wh, b_ih, b_hh) = (Draw(1000, round), Draw(1000, round), Draw(1000, round), Draw(1000, round));
    var (W, x) = (Draw(64_000, round), Draw(64_000, round));
    Count(
        "terms from left to right, or as (W_ih x + b_ih) + (W_hh h + b_hh)",
        t => wx[t] + b_ih[t] + wh[t] + b_hh[t],
        t => wx[t] + b_ih[t] + (wh[t] + b_hh[t])
    );
    Count("64 products in one sum, or in 8, as vector instructions do", t => Dot(t, 1), t => Dot(t, 8));
    Count("64 products in one sum, or in 2, as threads and blocks do", t => Dot(t, 1), t => Dot(t, 2));
    Count("each product rounded, or added unrounded (FMA)", t => Dot(t, 1), t => Dot(t, 1, fused: true));
    Count("the bias last, or first, as addmm may do", t => Dot(t, 1) + b_ih[t], t => Dot(t, 1, b_ih[t]));

    // w · x + start: term i is added to sum i mod n, and then the n sums
    float Dot(int t, int n, float start = 0, bool fused = false)
    {
        var sums = new float[n];
        sums[0] = start;
        for (var i = 64 * t; i < 64 * (t + 1); i++)
            sums[i % n] = fused ? MathF.FusedMultiplyAdd(W[i], x[i], sums[i % n]) : sums[i % n] + W[i] * x[i];
        return sums.Aggregate((a, b) => a + b);
    }
}

Console.WriteLine("\nlibtorch: T = 50, B = 8, I = H = 512");
var rnn = nn.RNN(512, 512);
var (cell, weights) = (nn.RNNCell(512, 512), rnn.state_dict());
cell.load_state_dict(weights.ToDictionary(w => w.Key.Replace("_l0", ""), w => w.Value));
var input = randn(50, 8, 512);
var rows = input.reshape(400, 512);
var (A, bias) = (weights["weight_ih_l0"].t(), weights["bias_ih_l0"]);

// Two sums of n terms t_i, each in its order, are at most 2 nu / (1 - nu) Σ |t_i| apart, where u = 2^-24 is half an ULP of 1.
const double nu = 513 / 16777216.0;
var bound = 2 * nu / (1 - nu) * (rows.@double().abs().mm(A.@double().abs()) + bias.abs());
Beside("a product of 400 rows, or of 8 at a time", rows.mm(A), cat([.. rows.split(8).Select(r => r.mm(A))]));
Beside("the bias after the product, or within it (addmm)", rows.mm(A) + bias, bias.addmm(rows, A));
set_num_threads(1);
var (one, theirs) = (rows.mm(A), rnn.call(input).Item1);
set_num_threads(2);
Beside("1 thread, or 2", one, rows.mm(A));
set_num_threads(1);
Console.WriteLine("nn.RNN projects 400 rows at once, nn.RNNCell 8");
var h = zeros(8, 512);
var cells = stack([.. input.unbind(0).Select(x_t => h = cell.call(x_t, h))]);
Certified("nn.RNN is", new(512, 512), weights, input, null, theirs);
Certified("nn.RNNCell is", new(512, 512), weights, input, null, cells);
foreach (var order in Enum.GetValues<EvaluationOrder>())
{
    var (name, states) = order == EvaluationOrder.PerStep ? ("nn.RNNCell", cells) : ("nn.RNN", theirs);
    var ours = new ParameterRnn(new(512, 512, Order: order));
    ours.load_state_dict(weights);
    Each(ours.call(input).output.eq(states), $"ParameterRnn, {order}, has the bits of {name}");
}

Console.WriteLine(
    """

    Exercises
    1. Compute each sum in double as well. Which of the two ways is nearer to it, and how often?
    2. Up to which magnitude of the integers is the second table 0 for certain? (float32 has 24 bits.)
    """
);

static float[] Draw(int count, bool round) =>
    [.. rand(count).data<float>().Select(u => round ? MathF.Floor(20 * u) - 10 : (2 * u - 1) / 3)];

static void Count(string ways, Func<int, float> one, Func<int, float> other) =>
    Console.WriteLine($"  {Enumerable.Range(0, 1000).Count(t => one(t) != other(t)), 4} differ: {ways}");

void Beside(string ways, Tensor one, Tensor other)
{
    Each((one.@double() - other).abs().le(bound), $"the same within the bound, {ways}");
    var different = one.ne(other).sum().item<long>();
    Console.Error.WriteLine($"    On this machine {different:N0} of {one.numel():N0} elements differ.");
}
