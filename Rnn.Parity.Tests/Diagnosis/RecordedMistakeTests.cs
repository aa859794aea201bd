using NUnit.Framework;
using Rnn.Parity.Bounds;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Diagnosis;
using Rnn.Parity.Folders;
using Rnn.Parity.Tests.Bounds;
using Rnn.Parity.Tests.Mutants;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Diagnosis;

/// <summary>The mistake that is named in a recorded run, with its layers and without them.</summary>
[MutationOf("parity")]
public sealed class RecordedMistakeTests
{
    private static readonly RnnCase stack = RecordedLayerTests.stack;

    [Test]
    public void Cut_gradients_are_named_where_adjoints_were_recorded()
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = stack.Options with { Bidirectional = false } };
        var (tensors, detached) = (c.Draw(), new Plant(s => s.Right(h: s.H.detach())));
        var run = RnnRun.Of(new("detached", o => new PlantedRnn(o, detached)), c, tensors, CPU);
        var inner = TracedRun.ByAutograd(RnnFactory.Implementations[0], c, tensors).Inner;
        var recorded = new CaseFolder(c, tensors, run, new Dictionary<string, string>())
        {
            Inner = inner with { Adjoints = [.. inner.Adjoints!.Select(h_bar => zeros_like(h_bar))] },
        };
        Verification
            .OfItself(new RecordedRun("detached", recorded, "planted"))
            .Explanation.ShouldNotBeNull()
            .ShouldContain("no gradient passes from a step to the one before");
    }

    [Test]
    public void Cut_gradients_are_named_where_h_0_has_none_either()
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = stack.Options with { Bidirectional = false } };
        var tensors = c.Draw();
        var run = RnnRun
            .Of(new("detached", o => new PlantedRnn(o, new Plant(s => s.Right(h: s.H.detach())))), c, tensors, CPU)
            .ToDictionary();
        run["grad.h_0"] = zeros(c.StateShape);
        var recorded = new CaseFolder(c, tensors, run, new Dictionary<string, string>());
        Verification
            .OfItself(new RecordedRun("detached", recorded, "planted"))
            .Explanation.ShouldNotBeNull()
            .ShouldContain("no gradient passes from a step to the one before, nor to h_0");
    }

    [Test]
    public void What_explains_one_step_of_the_last_layer_alone_may_be_another_mistake_of_all()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("shifted", "x_{t−1} in every layer", 6, 2, new(4, 4, 2));
        var tensors = c.Draw();
        var run = new Dictionary<string, Tensor> { ["output"] = Layer(1, Layer(0, tensors.Input)) };
        Verification
            .OfItself(new RecordedRun("shifted", new(c, tensors, run, new Dictionary<string, string>()), "planted"))
            .Explanation.ShouldNotBeNull()
            .ShouldContain("the term W_ih x has x_{t−1} for x_t in every layer: another function");

        Tensor Layer(int k, Tensor x)
        {
            using var rnn = new ParameterRnn(new(4, 4));
            rnn.load_state_dict(
                rnn.state_dict().Keys.ToDictionary(n => n, n => tensors.Weights[n.Replace("l0", $"l{k}")])
            );
            var before = cat([zeros_like(x.narrow(0, 0, 1)), x.narrow(0, 0, x.shape[0] - 1)], 0);
            return rnn.call(before, tensors.H_0!.narrow(0, k, 1)).Item1.detach();
        }
    }

    [Test]
    public void One_direction_twice_is_not_taken_for_both_exchanged()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("twice", "forward in both halves", 4, 2, new(3, 5, Bidirectional: true));
        var tensors = c.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU).Where(q => q.Key == "output").ToDictionary();
        var forward = run["output"].narrow(-1, 0, 5);
        Named(cat([forward, forward], -1)).ShouldContain("the states are those of the other direction again");
        Named(cat([run["output"].narrow(-1, 5, 5), forward], -1))
            .ShouldContain("the directions are joined in the wrong order");

        string Named(Tensor output) =>
            Verification
                .OfItself(
                    new RecordedRun(
                        "twice",
                        new(
                            c,
                            tensors,
                            new Dictionary<string, Tensor> { ["output"] = output },
                            new Dictionary<string, string>()
                        ),
                        "planted"
                    )
                )
                .Explanation.ShouldNotBeNull();
    }

    // relu(z + 2) for relu(z): as if the bias were doubled, where the steps before have it once
    [Test]
    public void What_the_steps_before_have_not_is_said_of_the_last_step_alone()
    {
        using var scope = NewDisposeScope();
        var c = new RnnCase("last", "all units on", 3, 1, new(2, 2, NonLinearity: nn.NonLinearities.ReLU))
        {
            Refine = t =>
                t with
                {
                    Weights = t.Weights.ToDictionary(
                        w => w.Key,
                        w => w.Key[0] == 'b' ? ones_like(w.Value).Times(2) : w.Value.Times(0.1)
                    ),
                },
        };
        var tensors = c.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU).Where(q => q.Key is "output").ToDictionary();
        var last = run["output"].clone();
        last.narrow(0, 2, 1).copy_(last.narrow(0, 2, 1).Plus(2));
        run["output"] = last;
        var recorded = new CaseFolder(c, tensors, run, new Dictionary<string, string>());
        Verification
            .OfItself(new RecordedRun("last", recorded, "planted"))
            .Explanation.ShouldNotBeNull()
            .ShouldContain("the term b_ih is doubled, in this step alone");
    }

    [TestCase("", "the term b_hh is missing in every layer: another function")]
    [LongCase("l0", "the term b_hh is missing in layer 0: another function")]
    [TestCase("l2", "the term b_hh is missing: another function")]
    public void A_mistake_below_the_last_layer_is_named_though_that_layer_alone_was_recorded(string where, string name)
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = stack.Options with { Bidirectional = false } };
        Explanation(c, new(s => s.Right(w: s.W with { B_hh = null })) { Where = where }).ShouldEndWith("\n  " + name);
    }

    // the wider the bounds, the more functions lie within them
    [Test]
    public void A_mistake_below_that_only_just_shows_has_no_name()
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = stack.Options with { Bidirectional = false, NumLayers = 2 } };
        var (tensors, plant) = (c.Draw(), new Plant(s => s.Right(w: s.W with { B_hh = null })) { Where = "l0" });
        var run = RnnRun.Of(new("planted", o => new PlantedRnn(o, plant)), c, tensors, CPU);
        Name(0).ShouldBe("the term b_hh is missing in layer 0: another function");
        var least = Enumerable.Range(0, 24).Last(bits => Place.First(Of(bits).Recorded, p => p.IsOutside) is not null);
        Name(least).ShouldBeNull();
        Unrecorded.Name(Of(least), run).ShouldNotBeNull("h_n of the layer shows it");

        Run Of(int bits) => Run.Of(c, tensors, [run["output"]], 1 << bits);

        string? Name(int bits) => Unrecorded.Name(Of(bits), run.Where(q => q.Key == "output").ToDictionary());
    }

    [TestCase("l0_reverse", "the term b_hh is missing in layer 0, in reverse alone: another function")]
    [LongCase("l0", "the term b_hh is missing in layer 0, forward alone: another function")]
    public void A_mistake_in_one_direction_below_is_named(string where, string name)
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = stack.Options with { NumLayers = 2 } };
        Explanation(c, new(s => s.Suffix == where ? s.Right(w: s.W with { B_hh = null }) : s.Right()))
            .ShouldEndWith("\n  " + name);
    }

    [Test]
    public void A_mistake_of_one_step_says_so()
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = new(3, 5) };
        Explanation(c, new(s => s.I == 2 ? s.Right(w: s.W with { B_hh = null }) : s.Right()))
            .ShouldEndWith("\n  the term b_hh is missing, in this step alone: another function");
    }

    [TestCase(4, true)]
    [TestCase(5, false)]
    public void A_run_that_was_rounded_for_print_is_told_so(int decimals, bool told)
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = new(3, 5) };
        var tensors = c.Draw();
        var run = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU);
        var forward = new Dictionary<string, Tensor> { ["output"] = run["output"].round(decimals) };
        var recorded = new CaseFolder(c, tensors, forward, new Dictionary<string, string>());
        var finding = Verification.OfItself(new RecordedRun("printed", recorded, "printed"));
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation!.Contains("it may have been rounded for print", StringComparison.Ordinal).ShouldBe(told);
    }

    [Test]
    public void What_is_saturated_was_not_rounded_for_print()
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = new(3, 5) };
        var tensors = c.Draw();
        var output = ones(c.OutputShape).Times(1 - Math.ScaleB(1, -23));
        var recorded = new CaseFolder(
            c,
            tensors,
            new Dictionary<string, Tensor> { ["output"] = output },
            new Dictionary<string, string>()
        );
        var finding = Verification.OfItself(new RecordedRun("saturated", recorded, "saturated"));
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Explanation!.ShouldNotContain("rounded for print");
    }

    [Test]
    public void What_is_no_number_was_not_rounded_for_print()
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = new(3, 5) };
        var run = new Dictionary<string, Tensor> { ["output"] = zeros(c.OutputShape).Over(0) };
        var recorded = new CaseFolder(c, c.Draw(), run, new Dictionary<string, string>());
        Verification
            .OfItself(new RecordedRun("nothing", recorded, "nothing"))
            .Explanation.ShouldNotBeNull()
            .ShouldNotContain("rounded for print");
    }

    /// <summary>docs/cuda.md: the tanh of cuDNN is off by some 10⁻⁵.</summary>
    [TestCase("cuda:0", Evidence.Undecided)]
    [TestCase("cpu", Evidence.Differs)]
    public void A_tanh_of_cuDNN_is_no_difference_where_it_was_recorded_on_a_GPU(string device, Evidence evidence)
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = new(3, 5) };
        var tensors = c.Draw();
        var output = RnnRun.Of(RnnFactory.Rnn, c, tensors, CPU)["output"].Times(1 + 1e-5);
        var keys = new Dictionary<string, string> { ["device"] = device };
        var recorded = new CaseFolder(c, tensors, new Dictionary<string, Tensor> { ["output"] = output }, keys);
        var finding = Verification.OfItself(new RecordedRun("recorded", recorded, "PyTorch"));
        finding.Evidence.ShouldBe(evidence, finding.Explanation);
        if (evidence == Evidence.Undecided)
            finding.Explanation!.ShouldEndWith(
                "it is certified if its tanh is cuDNN's, which may be off by 8192 u even near 0, and not if its tanh is good to 3 ULP"
            );
    }

    [Test]
    public void With_such_a_tanh_a_mistake_is_named_all_the_same()
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = new(3, 5) };
        var tensors = c.Draw();
        var without = tensors with { Weights = tensors.Weights.ToDictionary(w => w.Key, w => w.Value.clone()) };
        without.Weights["bias_hh_l0"].zero_();
        var output = RnnRun.Of(RnnFactory.Rnn, c, without, CPU)["output"].Times(1 + 1e-5);
        var keys = new Dictionary<string, string> { ["device"] = "cuda" };
        var recorded = new CaseFolder(c, tensors, new Dictionary<string, Tensor> { ["output"] = output }, keys);
        var finding = Verification.OfItself(new RecordedRun("recorded", recorded, "PyTorch"));
        finding.Evidence.ShouldBe(Evidence.Differs, finding.Explanation);
        finding.Explanation!.ShouldEndWith("\n  the term b_hh is missing: another function");
    }

    [Test]
    public void What_is_on_no_list_has_no_name()
    {
        using var scope = NewDisposeScope();
        var c = stack with { Options = stack.Options with { Bidirectional = false } };
        Explanation(c, new(s => s.Right().Times(0.75)) { Where = "l0" })
            .Split('\n')[2..]
            .ShouldBe(["  no mistake that is on the list explains it"]);
    }

    // A step 5u from the equation, of which rounding explains less than 2u, and the tanh of ONNX Runtime 8u more.
    [TestCase(1, 3, "the term b_hh is missing, from this step on: another function")]
    [TestCase(2, 0, "the term b_hh is missing in every layer: another function")]
    public void What_is_allowed_an_engines_tanh_is_not_taken_for_a_mistake(int layers, int first, string name)
    {
        using var scope = NewDisposeScope();
        var c = stack with
        {
            Options = new(3, 5, layers),
            Refine = t => t with { Weights = t.Weights.ToDictionary(w => w.Key, w => w.Value.Times(0.05)) },
        };
        var plant = new Plant(s =>
            s.Right(w: s.I < first ? s.W : s.W with { B_hh = null }).Plus(s.I == 1 ? 5 * Math.ScaleB(1, -24) : 0)
        );
        Explanation(c, plant, "onnxruntime").ShouldEndWith("\n  " + name);
    }

    private static string Explanation(RnnCase c, Plant plant, string engine = "planted")
    {
        var tensors = c.Draw();
        var run = RnnRun.Of(new("planted", o => new PlantedRnn(o, plant)), c, tensors, CPU);
        var forward = run.Where(q => q.Key is "output" or "h_n").ToDictionary();
        var recorded = new CaseFolder(c, tensors, forward, new Dictionary<string, string>());
        var finding = Verification.OfItself(new RecordedRun("planted", recorded, engine));
        finding.Evidence.ShouldBe(Evidence.Differs);
        return finding.Explanation!;
    }
}
