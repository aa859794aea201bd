using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.utils.rnn;

namespace Rnn.Parity.Tests.Scratch;

/// <summary>Sequences of different lengths, packed, through each implementation and nn.RNN.</summary>
[MutationOf("scratch")]
public sealed class PackedSequenceTests
{
    private static readonly long[] sorted = [5, 3, 3, 1];
    private static readonly long[] unsorted = [3, 1, 5, 3];

    // Every pair of two options' values; the matrix has the rest.
    [Test, Pairwise]
    public void Packed_sequences_are_identical_to_nn_RNN(
        [ValueSource(nameof(Implementations))] RnnFactory factory,
        [Values] bool enforceSorted,
        [Values] bool bidirectional,
        [Values(1, 2)] long layers,
        [Values] NonLinearities nonLinearity,
        [Values] bool withState
    )
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("packed", "", 5, 4, new(3, 7, layers, nonLinearity, Bidirectional: bidirectional));
        var tensors = c.Draw();
        var lengths = enforceSorted ? sorted : unsorted;
        var expected = Run(RnnFactory.Rnn, c, tensors, lengths, enforceSorted, withState);
        var actual = Run(factory, c, tensors, lengths, enforceSorted, withState);
        foreach (var (name, tensor) in expected)
            TensorComparison.Compare(name, actual[name], tensor).ShouldBeNull(name);
        actual.Count.ShouldBe(expected.Count);
    }

    [Test]
    public void A_packed_call_refuses_what_does_not_fit([ValueSource(nameof(Implementations))] RnnFactory factory)
    {
        using var scope = NewDisposeScope();
        using var rnn = (ElmanRnn)factory.Build(new(3, 4));
        var packed = pack_padded_sequence(zeros(5, 4, 2), tensor(sorted));
        Should
            .Throw<ArgumentException>(() => rnn.call(packed))
            .Message.ShouldBe("input has 2 features, the RNN expects 3");
        var good = pack_padded_sequence(zeros(5, 4, 3), tensor(sorted));
        Should
            .Throw<ArgumentException>(() => rnn.call(good, zeros(1, 3, 4)))
            .Message.ShouldBe("h_0 is (1, 3, 4), the RNN expects (1, 4, 4)");
    }

    private static Dictionary<string, Tensor> Run(
        RnnFactory factory,
        RnnCase c,
        CaseTensors tensors,
        long[] lengths,
        bool enforceSorted,
        bool withState
    )
    {
        var rnn = factory.Build(c.Options);
        rnn.load_state_dict(tensors.Weights.ToDictionary());
        var input = tensors.Input.clone().requires_grad_();
        var h_0 = withState ? tensors.H_0!.clone().requires_grad_() : null;
        var packed = pack_padded_sequence(input, tensor(lengths), enforce_sorted: enforceSorted);
        var (output, h_n) = rnn is RNN reference ? reference.call(packed, h_0) : ((ElmanRnn)rnn).call(packed, h_0);

        var leaves = new List<Tensor> { input };
        leaves.AddRange(h_0 is null ? [] : [h_0]);
        leaves.AddRange(rnn.parameters());
        var cotangent = tensors.GradOutput.view(-1, output.data.shape[1]).narrow(0, 0, output.data.shape[0]);
        var gradients = Gradients.OfAll([output.data, h_n], leaves, [cotangent, tensors.GradH_n]);

        var quantities = new Dictionary<string, Tensor>
        {
            ["data"] = output.data,
            ["batch_sizes"] = output.batch_sizes.type(ScalarType.Float64),
            ["h_n"] = h_n,
        };
        for (var i = 0; i < gradients.Length; i++)
            quantities[$"gradient {i}"] = gradients[i];
        return quantities;
    }

    private static IReadOnlyList<RnnFactory> Implementations => RnnFactory.Implementations;
}
