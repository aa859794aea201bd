using static TorchSharp.torch;

namespace Rnn.Scratch.Notebooks;

/// <summary>
/// Document 002: one input, one unit, relu, and every weight and bias one, written three times.
/// <para>h_t = relu(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)</para>
/// </summary>
/// <remarks>Each form takes x, (T, 1), and returns the states, (T, 1), from a state of zero.</remarks>
public static class OneUnitRnn
{
    /// <summary>First form: Parameter tensors and *, a matrix product for one unit only, added from left to right.</summary>
    public static Tensor WithParameters(Tensor x)
    {
        CheckInput.Rows(nameof(x), x, 1, "the RNN");
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (W_ih, W_hh, b_ih, b_hh) = (ones(1, 1), ones(1, 1), ones(1), ones(1));
        // h_t = relu(((W_ih x_t + b_ih) + W_hh h_{t−1}) + b_hh)
        return Loop(x, (x_t, h) => (W_ih.t() * x_t).Plus(b_ih).Plus(h * W_hh.t()).Plus(b_hh).relu())
            .MoveToOuterDisposeScope();
    }

    /// <summary>Second form: two nn.Linear.</summary>
    public static Tensor WithLinear(Tensor x)
    {
        CheckInput.Rows(nameof(x), x, 1, "the RNN");
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var i2h = Ones(nn.Linear(1, 1));
        using var h2h = Ones(nn.Linear(1, 1));
        // h_t = relu((W_ih x_t + b_ih) + (W_hh h_{t−1} + b_hh))
        return Loop(x, (x_t, h) => i2h.call(x_t).Plus(h2h.call(h)).relu()).MoveToOuterDisposeScope();
    }

    /// <summary>Third form: nn.RNN itself, batch first.</summary>
    public static Tensor WithRnn(Tensor x)
    {
        CheckInput.Rows(nameof(x), x, 1, "the RNN");
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var rnn = Ones(nn.RNN(1, 1, nonLinearity: nn.NonLinearities.ReLU, batchFirst: true));
        return rnn.call(x.unsqueeze(0), zeros(1, 1, 1)).Item1.squeeze(0).MoveToOuterDisposeScope();
    }

    private static Tensor Loop(Tensor x, Func<Tensor, Tensor, Tensor> step)
    {
        var states = new List<Tensor> { zeros(1, 1) };
        foreach (var x_t in x.split(1))
            states.Add(step(x_t, states[^1]));
        return cat(states.Skip(1).ToList(), 0);
    }

    private static T Ones<T>(T module)
        where T : nn.Module
    {
        foreach (var parameter in module.parameters())
            nn.init.ones_(parameter);
        return module;
    }
}
