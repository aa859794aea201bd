using NUnit.Framework;
using Rnn.Parity.Exact;
using Shouldly;

namespace Rnn.Parity.Tests;

public sealed partial class ExactCaseTests
{
    /// <summary>Theorem 4: with what probability a wrong polynomial agrees at all the draws of a configuration.</summary>
    [Test]
    public void A_wrong_polynomial_has_little_chance()
    {
        foreach (var draws in WideCase.All(1).GroupBy(w => (w.Case.Options with { }, w.Case.T)))
        {
            var chance = draws.Aggregate(1.0, (p, w) => p * w.Chance);
            var (o, first) = (draws.Key.Item1, draws.First());
            TestContext.Out.WriteLine(
                FormattableString.Invariant(
                    $"L={o.NumLayers} D={o.NumDirections} T={first.Case.T} B={first.Case.B} I={o.InputSize} H={o.HiddenSize} bias={o.Bias} batch_first={o.BatchFirst}: degree {first.Degree}, M = {string.Join(", ", draws.Select(w => w.M))}: {chance:0.0e+0}"
                )
            );
            draws.Count().ShouldBe(4);
            chance.ShouldBeLessThan(1);
        }
    }
}
