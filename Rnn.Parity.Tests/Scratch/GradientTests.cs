using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Scratch;

/// <summary>Gradients are there, and identical, where they are asked for.</summary>
[MutationOf("scratch")]
public sealed class GradientTests
{
    [Test]
    public void A_gradient_is_there_only_where_it_was_asked_for()
    {
        using var scope = NewDisposeScope();
        foreach (var factory in RnnFactory.Implementations)
        {
            using var rnn = factory.Build(new(3, 4));
            foreach (var parameter in rnn.parameters())
                parameter.requires_grad = false;
            var (output, h_n) = rnn.call(zeros(2, 2, 3), null);
            output.requires_grad.ShouldBeFalse();
            h_n.requires_grad.ShouldBeFalse();
        }
    }

    [Test]
    public void Gradients_are_identical_whichever_are_asked_for(
        [Values] bool input,
        [Values] bool h_0,
        [Values] bool weight,
        [Values] bool bias
    )
    {
        using var scope = NewDisposeScope();
        var tensors = new RnnCase("partial", "some gradients", 2, 2, new(3, 4)).Draw();
        var expected = Run(RnnFactory.Rnn);
        expected.Count.ShouldBe((input ? 1 : 0) + (h_0 ? 1 : 0) + (weight ? 2 : 0) + (bias ? 2 : 0));
        foreach (var factory in RnnFactory.Implementations)
        {
            var finding = Parity.Compare(factory.Name, Run(factory), expected);
            finding.Evidence.ShouldBe(Evidence.Identical, finding.Explanation);
        }

        Dictionary<string, Tensor> Run(RnnFactory factory)
        {
            using var rnn = factory.Build(new(3, 4));
            rnn.load_state_dict(tensors.Weights.ToDictionary());
            foreach (var (name, parameter) in rnn.named_parameters())
                parameter.requires_grad = name.StartsWith("weight", StringComparison.Ordinal) ? weight : bias;
            var (x, h) = (tensors.Input.clone().requires_grad_(input), tensors.H_0!.clone().requires_grad_(h_0));
            var (output, _) = rnn.call(x, h);
            IEnumerable<(string name, Tensor tensor)> leaves =
            [
                ("input", x),
                ("h_0", h),
                .. rnn.named_parameters().Select(p => (p.name, (Tensor)p.parameter)),
            ];
            var asked = leaves.Where(leaf => leaf.tensor.requires_grad).ToList();
            output.requires_grad.ShouldBe(asked.Count > 0, factory.Name);
            return asked.Count == 0
                ? []
                : Gradients
                    .OfAll([output.sum()], [.. asked.Select(leaf => leaf.tensor)])
                    .Zip(asked)
                    .ToDictionary(g => g.Second.name, g => g.First);
        }
    }
}
