using Rnn.Parity.Cases;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Training;

/// <summary>
/// One model learning the text, step by step: truncated back-propagation through time over chunks of T characters in B
/// places of the text at once. Each chunk begins with the state in which the one before it ended.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private const int T = 16;
    private const int B = 8;
    private const int E = 16;
    private const int H = 32;

    // Chosen so that the loss falls within 200 steps and some gradients are clipped; nothing is judged by them.
    private const double LearningRate = 0.2;
    private const double Momentum = 0.9;
    private const double MaxNorm = 0.6;

    /// <summary>After how many steps the B places have together read the text once.</summary>
    public static int StepsOfOnePass => TrainingText.Numbers.Count / (T * B);

    private readonly optim.Optimizer sgd;
    private readonly Tensor h = zeros(1, B, H);
    private int steps;

    /// <summary>Builds the model; its weights are drawn from a generator with a fixed seed.</summary>
    public TrainingRun(RnnFactory factory, EvaluationOrder order)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Model = new CharacterModel(factory.Build(new(E, H, Order: order)), TrainingText.Alphabet.Length, E, H);
        using var generator = new Generator(1);
        Model.Draw(generator);
        sgd = optim.SGD(Model.parameters(), LearningRate, Momentum);
    }

    /// <summary>The model.</summary>
    public CharacterModel Model { get; }

    /// <summary>In how many steps the gradients were too long and were scaled.</summary>
    public int Clipped { get; private set; }

    /// <summary>Takes the next step.</summary>
    /// <returns>
    /// What it came to: the loss of the chunk, the state h_n that the next one begins with, and for each weight its
    /// gradient, clipped, and its value after the step. All but the loss are the run's own: they change with the next step.
    /// </returns>
    public IReadOnlyDictionary<string, Tensor> Step()
    {
        using var scope = NewDisposeScope();
        var first = steps++ * T;
        sgd.zero_grad();
        var (scores, h_n) = Model.call(Characters(first), h);
        var loss = nn.functional.cross_entropy(scores, Characters(first + 1).view(-1));
        loss.backward();
        Clipped += nn.utils.clip_grad_norm_(Model.parameters(), MaxNorm) > MaxNorm ? 1 : 0;
        _ = sgd.step();
        // The state is carried on as a number: the next chunk's gradient ends here.
        h.copy_(h_n.detach());
        var quantities = new Dictionary<string, Tensor> { ["loss"] = scope.MoveToOuter(loss.detach()), ["h_n"] = h };
        foreach (var (name, weight) in Model.named_parameters())
            (quantities[$"grad.{name}"], quantities[name]) = (scope.MoveToOuter(weight.grad!), weight);
        return quantities;
    }

    // (T, B): place b reads on from b · N/B; after the end of the text comes its beginning.
    private static Tensor Characters(int first)
    {
        var text = TrainingText.Numbers;
        var places =
            from t in Enumerable.Range(0, T)
            from b in Enumerable.Range(0, B)
            select text[(b * (text.Count / B) + first + t) % text.Count];
        return tensor(places.ToArray()).view(T, B);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        h.Dispose();
        sgd.Dispose();
    }
}
