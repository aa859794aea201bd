using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Exact;
using Rnn.Parity.Tests.Notebooks;
using Rnn.Parity.Tests.Oracles;
using Rnn.Scratch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Mutants;

/// <summary>The trials of each kind of evidence: small cases, between them with all that a mistake needs to show.</summary>
public static class Trials
{
    private static readonly RnnOptions square = new(4, 4, Order: EvaluationOrder.PerStep);
    private static readonly RnnOptions stack = new(8, 4, 2, Bidirectional: true, Order: EvaluationOrder.PerStep);
    private static readonly RnnOptions relu = square with { NonLinearity = NonLinearities.ReLU };
    private static readonly RnnOptions reluStack = stack with { NonLinearity = NonLinearities.ReLU };

    private static readonly RnnCase[] drawn =
    [
        new("mutants-square", "every matrix square, and as many steps as rows", 4, 4, square),
        new("mutants-stack", "two layers of two directions", 4, 3, stack),
        new("mutants-relu", "relu", 4, 4, relu),
        new("mutants-evaluation", "dropout in evaluation", 4, 3, stack with { Dropout = 0.5 }) { Evaluation = true },
        new("mutants-dropout", "dropout in training", 4, 3, stack with { Dropout = 0.5 }),
    ];

    private static readonly RnnCase[] wide =
    [
        new(
            "mutants-wide",
            "sums long enough that each order rounds otherwise",
            4,
            5,
            square with
            {
                InputSize = 40,
                HiddenSize = 32,
            }
        ),
    ];

    private static readonly RnnCase[] integers =
    [
        Integers(new("mutants-exact-square", "integers, every matrix square", 4, 4, relu)),
        Integers(new("mutants-exact-stack", "integers, two layers of two directions", 4, 3, reluStack)),
        Integers(new("mutants-exact-dropout", "integers, dropout in training", 4, 3, reluStack with { Dropout = 0.5 })),
        Integers(
            new("mutants-exact-evaluation", "integers, dropout in evaluation", 4, 3, reluStack with { Dropout = 0.5 })
            {
                Evaluation = true,
            }
        ),
    ];

    // tanh at 0 and saturated: square, and two layers of two directions.
    private static readonly RnnCase[] saturated =
    [
        .. ((string[])["e1-0003", "e1-0028"])
            .Select(id => ExactCase.Find(id)!)
            .Select(c => c.In(EvaluationOrder.PerStep)),
    ];

    /// <summary>The bits of nn.RNNCell or of nn.RNN, which add in two orders.</summary>
    public static TrialKind Identical() =>
        new("identical", [.. drawn.Concat(wide).Concat(integers).Select(c => Of(c, Bits))]);

    /// <summary>The integers of the oracle.</summary>
    public static TrialKind Exact() =>
        new("exact", [.. integers.Concat(saturated).Select(c => Of(c, Oracle) with { IsExact = true })]);

    /// <summary>A derived bound for every quantity; one that is missing has none. A bound that says nothing does not kill.</summary>
    public static TrialKind Certified(Certify certify) =>
        new("certified", [.. drawn.Select(c => Of(c, (c, tensors) => run => Outside(certify(c, tensors, run))))]);

    private static Finding Outside(Finding finding) =>
        finding is { Holds: false, Differing: 0 }
            ? finding with
            {
                Evidence = Evidence.Certified,
                Holds = true,
            }
            : finding;

    /// <summary>The documents' printed numbers.</summary>
    public static TrialKind Published() =>
        new(
            "published",
            [
                .. PublishedChecks.Cases.Select(c =>
                    Of(c, (c, tensors) => run => PublishedChecks.Compare(c, run, tensors)) with
                    {
                        HasGradients = false,
                    }
                ),
            ]
        );

    private static Func<Quantities, Finding> Bits(RnnCase c, CaseTensors tensors)
    {
        var references = new[] { RnnFactory.RnnCell, RnnFactory.Rnn }
            .Select(reference => Kept(RnnRun.Of(reference, c, tensors, CPU)))
            .ToList();
        return run =>
        {
            var findings = references.ConvertAll(reference => Parity.Compare(c.ToString(), run, reference));
            return findings.Find(finding => finding.Holds) ?? findings[0];
        };
    }

    private static Func<Quantities, Finding> Oracle(RnnCase c, CaseTensors tensors)
    {
        var exact = Kept(DropoutOracle.Of(c, tensors));
        return run => Parity.CompareExactly(c.ToString(), run, exact);
    }

    private static Trial Of(RnnCase c, Func<RnnCase, CaseTensors, Func<Quantities, Finding>> judge)
    {
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        return new(c, Kept(tensors), judge(c, tensors)) { HasZero = integers.Contains(c) && ZeroOf(c, tensors) };
    }

    // The first layer's W_ih x_1 + b_ih + W_hh h_0 + b_hh
    private static bool ZeroOf(RnnCase c, CaseTensors tensors)
    {
        var w = tensors.Weights;
        var input = PlantedStep.Affine(tensors.Input.select(0, 0), w["weight_ih_l0"], w["bias_ih_l0"]);
        var recurrent = PlantedStep.Affine(tensors.H_0!.select(0, 0), w["weight_hh_l0"], w["bias_hh_l0"]);
        return c.Options.NonLinearity == NonLinearities.ReLU
            && input.Plus(recurrent).eq(Scalars.Zero).any().item<bool>();
    }

    private static RnnCase Integers(RnnCase c) => c with { Refine = drawn => SparseIntegers.Of(c, drawn) };

    private static CaseTensors Kept(CaseTensors tensors)
    {
        foreach (var weight in tensors.Weights.Values)
            weight.DetachFromDisposeScope();
        tensors.Input.DetachFromDisposeScope();
        tensors.H_0?.DetachFromDisposeScope();
        tensors.GradOutput.DetachFromDisposeScope();
        tensors.GradH_n.DetachFromDisposeScope();
        return tensors;
    }

    private static Quantities Kept(Quantities quantities)
    {
        foreach (var tensor in quantities.Values)
            tensor.DetachFromDisposeScope();
        return quantities;
    }
}
