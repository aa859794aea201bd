using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Training;

/// <summary>Predicts a text's next character: embedding, RNN, linear.</summary>
public sealed class CharacterModel : Module<Tensor, Tensor, (Tensor, Tensor)>
{
    private readonly Embedding embedding;
    private readonly Module<Tensor, Tensor?, (Tensor, Tensor)> rnn;
    private readonly Linear head;

    /// <summary>Builds the model around an RNN, which it owns from then on.</summary>
    /// <param name="rnn">From E features to H, one layer, one direction, steps first.</param>
    /// <param name="vocabulary">V, the number of different characters.</param>
    /// <param name="embeddingSize">E.</param>
    /// <param name="hiddenSize">H.</param>
    public CharacterModel(
        Module<Tensor, Tensor?, (Tensor, Tensor)> rnn,
        long vocabulary,
        long embeddingSize,
        long hiddenSize
    )
        : base(nameof(CharacterModel))
    {
        embedding = Embedding(vocabulary, embeddingSize);
        this.rnn = rnn;
        head = Linear(hiddenSize, vocabulary);
        RegisterComponents();
    }

    /// <summary>Reads characters and scores the ones that follow them.</summary>
    /// <param name="characters">(T, B), their numbers from 0 to V − 1.</param>
    /// <param name="h_0">(1, B, H), the state before the first one.</param>
    /// <returns>The scores, (T·B, V), and h_n, (1, B, H).</returns>
    public override (Tensor, Tensor) forward(Tensor characters, Tensor h_0)
    {
        using var scope = NewDisposeScope();
        // x_t = E[character], h_t = RNN(x_t, h_{t−1}), scores = W h_t + b
        var (output, h_n) = rnn.call(embedding.call(characters), h_0);
        var scores = head.call(output.reshape(-1, output.shape[^1]));
        return scope.MoveToOuter(scores, h_n);
    }

    /// <summary>Draws every weight from a generator: the embedding uniformly from ±1, the rest from ±1/√H.</summary>
    public void Draw(Generator generator)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, parameter) in named_parameters())
        {
            var bound = name == "embedding.weight" ? 1 : 1 / Math.Sqrt(head.get_parameter("weight")!.shape[1]);
            parameter.uniform_(-bound, bound, generator);
        }
    }
}
