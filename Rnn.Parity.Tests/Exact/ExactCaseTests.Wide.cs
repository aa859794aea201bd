using System.Globalization;
using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using Rnn.Parity.Tests.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Exact;

public sealed partial class ExactCaseTests
{
    /// <summary>Theorem 4: with what probability a wrong polynomial agrees at all the draws of a configuration.</summary>
    [Test]
    public void A_wrong_polynomial_has_the_chance_that_the_docs_say()
    {
        var configurations = WideCase.All(1).GroupBy(w => (w.Case.Options, w.Case.T)).ToList();
        configurations.Count.ShouldBe(24);
        foreach (var draws in configurations)
        {
            var ((options, T), chance) = (draws.Key, Chance(draws));
            TestContext.Out.WriteLine(
                FormattableString.Invariant(
                    $"L={options.NumLayers} D={options.NumDirections} T={T}: degree {draws.First().Degree}, M = {string.Join(", ", draws.Select(w => w.M))}: {chance:0.0e+0}"
                )
            );
            draws.Count().ShouldBe(4);
        }
        // docs/exact.md's table
        configurations
            .GroupBy(draws => (draws.Key.Options.NumLayers, draws.Key.Options.NumDirections))
            .ToDictionary(rows => rows.Key, rows => rows.Max(Chance).ToString("0.0e+0", CultureInfo.InvariantCulture))
            .ShouldBe(
                new Dictionary<(long, long), string>
                {
                    [(1, 1)] = "1.5e-11",
                    [(1, 2)] = "2.9e-11",
                    [(2, 1)] = "1.5e-11",
                    [(2, 2)] = "7.3e-8",
                    [(3, 1)] = "1.5e-7",
                    [(3, 2)] = "1.4e-4",
                },
                ignoreOrder: true
            );

        static double Chance(IEnumerable<WideCase> draws) => draws.Aggregate(1.0, (p, w) => p * w.Chance);
    }

    /// <summary>
    /// Theorem 4's degree d: along s ↦ sθ, on which the pattern stays, every difference of order d + 1 is 0, and some of
    /// order d is not.
    /// </summary>
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(12)]
    [TestCase(13)]
    [TestCase(14)]
    public void The_degree_is_as_derived(int index)
    {
        var wide = WideCase.All(1).ElementAt(index);
        using var scope = NewDisposeScope();
        var θ = wide.Case.Draw();
        var differences = Enumerable.Range(1, wide.Degree + 2).Select(Quantities).ToList();
        while (differences.Count > 2)
            differences = [.. differences.Zip(differences.Skip(1), (a, b) => b.Zip(a, (x, y) => x - y).ToArray())];
        differences[0].ShouldContain(v => v != 0);
        differences[1].ShouldBe(differences[0]);

        // every number of the point, made smaller in proportion, times s
        double[] Quantities(int s)
        {
            var at = new CaseTensors(
                θ.Weights.ToDictionary(w => w.Key, w => Times(w.Value)),
                Times(θ.Input),
                Times(θ.H_0!),
                Times(θ.GradOutput),
                Times(θ.GradH_n)
            );
            return
            [
                .. IntegerOracle
                    .Of(wide.Case, at)
                    .OrderBy(q => q.Key)
                    .SelectMany(q => BackwardPassTests.Values(q.Value)),
            ];

            Tensor Times(Tensor t) =>
                tensor(BackwardPassTests.Values(t).Select(v => s * Math.Truncate(v * 2 / wide.M)).ToArray(), t.shape);
        }
    }
}
