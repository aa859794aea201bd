using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Rnn.Scratch.Notebooks;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Own;

/// <summary>What a class keeps from call to call, or sets for the whole process, is told or set back.</summary>
public sealed partial class OwnRnnTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void What_is_kept_from_call_to_call_differs(bool ofTheClass)
    {
        Tensor? kept = null;
        var finding = Parity.Of(
            new(
                "mine",
                o =>
                {
                    kept = ofTheClass ? kept : null;
                    return new Own(o)
                    {
                        H_0 = h => kept ?? h,
                        After = (y, h) =>
                        {
                            kept = h[0].detach().DetachFromDisposeScope();
                            return (y, h);
                        },
                    };
                }
            ),
            RnnFactory.Rnn,
            small
        );
        kept?.Dispose();
        finding.Evidence.ShouldBe(Evidence.Differs, finding.Explanation);
        finding.Holds.ShouldBeFalse();
    }

    [Test]
    public void Weights_that_are_kept_from_call_to_call_differ()
    {
        var finding = Parity.Of(
            Mine(m =>
            {
                var kept = new Dictionary<string, Tensor>();
                m.Weight = (name, w) =>
                    kept.TryGetValue(name, out var first) ? first : kept[name] = w.clone().DetachFromDisposeScope();
            }),
            RnnFactory.Rnn,
            small
        );
        finding.Evidence.ShouldBe(Evidence.Differs, finding.Explanation);
    }

    [Test]
    public void What_a_class_sets_for_the_whole_process_is_set_back()
    {
        var mine = Mine(m =>
            m.Before = h =>
            {
                set_default_dtype(float64);
                _ = set_grad_enabled(false);
                return h;
            }
        );
        var finding = Parity.Of(mine, RnnFactory.Rnn, small);
        finding.Explanation.ShouldNotBeNull().ShouldContain("mine: output requires no gradient");
        is_grad_enabled().ShouldBeTrue();
        get_default_dtype().ShouldBe(float32);
    }

    [Test]
    public void One_RNN_for_every_call_is_one_sentence()
    {
        var one = new ParameterRnn(small.Options);
        var mine = new RnnFactory("mine", _ => one);
        Parity.Of(mine, RnnFactory.Rnn, small).Holds.ShouldBeTrue();
        Parity
            .Of(mine, RnnFactory.Rnn, small)
            .Explanation.ShouldNotBeNull()
            .ShouldContain("the factory has to build a new one at each call");
    }

    [Test]
    public void Another_function_in_the_second_call_says_so()
    {
        var finding = Parity.Of(
            Mine(m =>
            {
                var calls = 0;
                m.H_0 = h => calls++ == 0 ? h : h.Times(1.1);
            }),
            RnnFactory.Rnn,
            small
        );
        finding.Evidence.ShouldBe(Evidence.Differs, finding.Explanation);
        finding.Explanation.ShouldNotBeNull().ShouldContain("it keeps a state from call to call, or draws at random");
    }

    [Test]
    public void An_input_that_is_changed_is_one_sentence()
    {
        var mine = new RnnFactory("mine", o => new Changing(o));
        Parity
            .Of(mine, RnnFactory.Rnn, small)
            .Explanation.ShouldNotBeNull()
            .ShouldContain("mine: input is not what it was before the call");
    }

    [Test]
    public void A_class_within_no_grad_is_run_with_gradients()
    {
        using var without = no_grad();
        Parity.Of(Mine(_ => { }), RnnFactory.Rnn, small).Holds.ShouldBeTrue();
    }

    [Test]
    public void A_case_without_a_type_is_float32_whatever_the_default_is()
    {
        set_default_dtype(ScalarType.Float64);
        try
        {
            var c = small with { Options = small.Options with { Dtype = null, NumLayers = 2, Dropout = 0.5 } };
            Parity.Of(new("mine", o => new LeftToRightRnn(o)), RnnFactory.Rnn, c).ShouldHold();
        }
        finally
        {
            set_default_dtype(ScalarType.Float32);
        }
    }

    [Test]
    public void A_default_device_on_which_no_case_can_be_drawn_is_refused_in_a_sentence()
    {
        set_default_device(META);
        try
        {
            const string sentence = "torch's default device is meta, cpu is expected";
            Should
                .Throw<InvalidOperationException>(() => Parity.Of(Mine(_ => { }), RnnFactory.Rnn, small))
                .Message.ShouldStartWith(sentence);
            Should
                .Throw<InvalidOperationException>(() => Parity.Of(o => new ParameterRnn(o), small.Options))
                .Message.ShouldStartWith(sentence);
        }
        finally
        {
            set_default_device(CPU);
        }
    }

    [Test]
    public void Dropout_on_a_GPU_is_refused_in_a_sentence() =>
        Should
            .Throw<ArgumentException>(() =>
                Parity.Of(
                    Mine(_ => { }),
                    RnnFactory.Rnn,
                    small with
                    {
                        Options = small.Options with { NumLayers = 2, Dropout = 0.5 },
                    },
                    new Device(TorchSharp.DeviceType.CUDA)
                )
            )
            .Message.ShouldBe("c: the dropout is 0.5; on a GPU nn.RNN draws masks of its own, and 0 is expected");

    [Test]
    public void A_dispose_scope_that_a_class_leaves_open_is_told_in_a_sentence()
    {
        TorchSharp.DisposeScope? left = null;
        var finding = Parity.Of(
            new(
                "mine",
                o =>
                {
                    left ??= NewDisposeScope();
                    return new ParameterRnn(o);
                }
            ),
            RnnFactory.Rnn,
            small
        );
        left!.Dispose();
        finding.Evidence.ShouldBe(Evidence.Undecided, finding.Explanation);
        finding.ToString().ShouldContain("it leaves a dispose scope open, in which all that is made later lies");
    }

    [Test]
    public void Weights_on_another_device_are_told_in_a_sentence()
    {
        var mine = new RnnFactory("mine", o => new ParameterRnn(o with { Device = META }));
        Parity
            .Of(mine, RnnFactory.Rnn, small)
            .ToString()
            .ShouldContain("mine: weight_ih_l0 is on meta, cpu is expected");
    }
}
