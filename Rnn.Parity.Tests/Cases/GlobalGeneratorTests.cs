using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Cases;

/// <summary>What dropout draws is told from what others draw.</summary>
[NonParallelizable]
public sealed class GlobalGeneratorTests
{
    private static readonly RnnCase stack = new("drops", "dropout", 3, 2, new(3, 4, 2, Dropout: 0.4));

    private static IEnumerable<RnnCase> Dropping() => MatrixCase.Sample(1, 25).Where(c => c.Drops);

    [TestCaseSource(nameof(Dropping))]
    public void A_call_of_nn_RNN_leaves_it_as_dropout_does(RnnCase c)
    {
        if (!Dtypes.Computed.Contains(c.Dtype))
            Assert.Ignore($"libtorch does not compute in {c.Dtype} here");
        foreach (var factory in RnnFactory.Implementations.Append(RnnFactory.Rnn).Append(RnnFactory.RnnCell))
        {
            using var scope = NewDisposeScope();
            var (tensors, calls) = (c.Draw(), 0);
            var rnn = new BuiltRnn(factory, c, tensors, CPU).Module;
            GlobalGenerator.Drawn(c, Call, (_, _) => false);
            calls.ShouldBe(1, factory.Name);

            (Tensor, Tensor) Call()
            {
                calls++;
                return RnnRun.Forward(rnn, c, tensors.Input, tensors.H_0);
            }
        }
    }

    [Test]
    public void What_is_drawn_otherwise_counts_when_it_is_so_again_and_again()
    {
        var calls = 0;
        GlobalGenerator.Drawn(
            stack,
            () => (++calls, rand(3).sum().item<float>()),
            (one, other) => one.Item2 == other.Item2
        );
        calls.ShouldBe(30);
    }

    [Test]
    public void What_is_never_the_same_is_undecided()
    {
        var calls = 0;
        Should
            .Throw<RunException>(() => GlobalGenerator.Drawn(stack, () => rand(100 + ++calls).numel(), (_, _) => false))
            .Evidence.ShouldBe(Evidence.Undecided);
    }

    [Test]
    public void What_was_to_be_drawn_next_is_drawn_next()
    {
        manual_seed(7);
        var expected = rand(5);
        manual_seed(7);
        using (GlobalGenerator.Seeded(stack))
            rand(3);
        GlobalGenerator.Drawn(stack, () => rand(3), (_, _) => true);
        TensorComparison.Compare("rand", rand(5), expected).ShouldBeNull();
    }
}
