using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Scratch;

/// <summary>Any of the four modules loads any other's state dict by name, and refuses in a sentence what does not fit.</summary>
[MutationOf("scratch")]
public sealed class StateDictTests
{
    private static readonly string[] kinds = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];

    [Test]
    public void Any_loads_any_others(
        [ValueSource(nameof(Four))] RnnFactory from,
        [ValueSource(nameof(Four))] RnnFactory into,
        [Values(1, 2)] long layers,
        [Values] bool bidirectional,
        [Values] bool bias
    )
    {
        using var scope = NewDisposeScope();
        var options = new RnnOptions(3, 4, layers, Bias: bias, Bidirectional: bidirectional);
        using var source = Drawn(from, options, 1);
        using var target = Drawn(into, options, 2);
        var (saved, loaded) = (source.state_dict(), target.state_dict());
        saved.Keys.ShouldBe(Names(options));
        foreach (var (name, weight) in saved)
            TensorComparison.Compare(name, loaded[name], weight).ShouldNotBeNull("the two start apart");

        var (missing, extra) = target.load_state_dict(saved, strict: true);

        missing.ShouldBeEmpty();
        extra.ShouldBeEmpty();
        var after = target.state_dict();
        after.Keys.ShouldBe(saved.Keys);
        foreach (var (name, weight) in saved)
            TensorComparison.Compare(name, after[name], weight).ShouldBeNull(name);
        Same(target, source);
    }

    [Test]
    public void A_missing_entry_is_a_sentence([ValueSource(nameof(Ours))] RnnFactory factory) =>
        Refuses(factory, d => d.Remove("weight_hh_l0"), "weight_hh_l0 is missing, the RNN expects it to be (4, 4)");

    [Test]
    public void An_extra_entry_is_a_sentence([ValueSource(nameof(Ours))] RnnFactory factory) =>
        Refuses(
            factory,
            d => d.Add("weight_ih_l1", zeros(4, 5)),
            "weight_ih_l1 is (4, 5), the RNN expects no such entry"
        );

    // copy_ would stretch a bias of one element over all units.
    [TestCase(1)]
    [TestCase(5)]
    public void A_misshapen_entry_is_a_sentence_strict_or_not(long length)
    {
        foreach (var factory in Ours)
        foreach (var strict in new[] { true, false })
            Refuses(
                factory,
                d => d["bias_hh_l0"] = zeros(length),
                $"bias_hh_l0 is ({length}), the RNN expects (4)",
                strict
            );
    }

    [Test]
    public void Each_entry_that_does_not_fit_has_a_sentence([ValueSource(nameof(Ours))] RnnFactory factory) =>
        Refuses(
            factory,
            d =>
            {
                d.Remove("weight_ih_l0");
                d.Remove("bias_ih_l0");
                d["weight_hh_l0"] = zeros(4, 3);
            },
            """
            weight_ih_l0 is missing, the RNN expects it to be (4, 3)
            bias_ih_l0 is missing, the RNN expects it to be (4)
            weight_hh_l0 is (4, 3), the RNN expects (4, 4)
            """
        );

    [Test]
    public void Not_strict_loads_what_there_is_and_returns_the_rest([ValueSource(nameof(Four))] RnnFactory factory)
    {
        using var scope = NewDisposeScope();
        using var source = Drawn(factory, new(3, 4), 1);
        using var target = Drawn(factory, new(3, 4), 2);
        var entries = source.state_dict();
        entries.Remove("bias_ih_l0");
        entries.Add("head", zeros(1));
        var untouched = target.state_dict()["bias_ih_l0"].clone();

        var (missing, extra) = target.load_state_dict(entries, strict: false, skip: ["weight_hh_l0"]);

        missing.ShouldBe(["bias_ih_l0"]);
        extra.ShouldBe(["head"]);
        var after = target.state_dict();
        TensorComparison.Compare("bias_ih_l0", after["bias_ih_l0"], untouched).ShouldBeNull();
        TensorComparison.Compare("weight_ih_l0", after["weight_ih_l0"], entries["weight_ih_l0"]).ShouldBeNull();
        TensorComparison.Compare("bias_hh_l0", after["bias_hh_l0"], entries["bias_hh_l0"]).ShouldBeNull();
        TensorComparison.Compare("weight_hh_l0", after["weight_hh_l0"], entries["weight_hh_l0"]).ShouldNotBeNull();
    }

    [Test]
    public void Entries_are_added_to_a_dictionary_behind_a_prefix([ValueSource(nameof(Ours))] RnnFactory factory)
    {
        using var scope = NewDisposeScope();
        using var rnn = Drawn(factory, new(3, 4), 1);
        var kept = zeros(1);
        var destination = new Dictionary<string, Tensor> { ["head"] = kept, ["encoder.bias_ih_l0"] = kept };
        rnn.state_dict(destination, "encoder").ShouldBeSameAs(destination);
        destination.Keys.ShouldBe(["head", .. Names(new(3, 4)).Select(name => $"encoder.{name}")], ignoreOrder: true);
        destination["encoder.bias_ih_l0"].ShouldBeSameAs(kept);
        rnn.state_dict(null, "").Keys.ShouldBe(Names(new(3, 4)));
    }

    [Test]
    public void Null_is_refused([ValueSource(nameof(Ours))] RnnFactory factory)
    {
        using var scope = NewDisposeScope();
        using var rnn = Drawn(factory, new(3, 4), 1);
        Should.Throw<ArgumentNullException>(() => rnn.load_state_dict(null!)).ParamName.ShouldBe("source");
        var entries = rnn.state_dict();
        entries["bias_ih_l0"] = null!;
        Should
            .Throw<ArgumentException>(() => rnn.load_state_dict(entries))
            .Message.ShouldBe("bias_ih_l0 is null, a tensor is expected");
    }

    [Test]
    public void A_weight_is_found_by_nn_RNNs_name([ValueSource(nameof(Four))] RnnFactory factory)
    {
        using var scope = NewDisposeScope();
        using var rnn = Drawn(factory, new(3, 4), 1);
        rnn.has_parameter("weight_ih_l0").ShouldBeTrue();
        rnn.has_parameter("weight_ih_l1").ShouldBeFalse();
    }

    [Test]
    public void A_cell_loads_nn_RNNCells_and_refuses_what_does_not_fit()
    {
        using var scope = NewDisposeScope();
        using var theirs = RNNCell(3, 4);
        using var ours = new LinearRnnCell(3, 4);
        ours.load_state_dict(theirs.state_dict());
        foreach (var (name, weight) in theirs.state_dict())
            TensorComparison.Compare(name, ours.state_dict()[name], weight).ShouldBeNull(name);

        var entries = theirs.state_dict();
        entries["weight_ih"] = zeros(3, 4);
        Should
            .Throw<ArgumentException>(() => ours.load_state_dict(entries))
            .Message.ShouldBe("weight_ih is (3, 4), the cell expects (4, 3)");
        entries.Remove("weight_ih");
        Should
            .Throw<ArgumentException>(() => ours.load_state_dict(entries))
            .Message.ShouldBe("weight_ih is missing, the cell expects it to be (4, 3)");
    }

    private static IReadOnlyList<RnnFactory> Ours => RnnFactory.Implementations;

    private static IEnumerable<RnnFactory> Four => [.. RnnFactory.Implementations, RnnFactory.Rnn];

    // Spoils one of two RNNs' state dicts, and expects the sentence and that not one weight has changed.
    private static void Refuses(
        RnnFactory factory,
        Action<Dictionary<string, Tensor>> spoil,
        string sentence,
        bool strict = true
    )
    {
        using var scope = NewDisposeScope();
        using var source = Drawn(factory, new(3, 4), 1);
        using var target = Drawn(factory, new(3, 4), 2);
        var before = target.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var entries = source.state_dict();
        spoil(entries);
        Should
            .Throw<ArgumentException>(() => target.load_state_dict(entries, strict))
            .Message.ShouldBe(sentence.ReplaceLineEndings("\n"));
        foreach (var (name, weight) in target.state_dict())
            TensorComparison.Compare(name, weight, before[name]).ShouldBeNull(name);
    }

    private static Module<Tensor, Tensor?, (Tensor, Tensor)> Drawn(RnnFactory factory, RnnOptions options, ulong seed)
    {
        var rnn = factory.Build(options);
        using var generator = new Generator(seed);
        using var frozen = no_grad();
        foreach (var parameter in rnn.parameters())
            parameter.uniform_(-0.5, 0.5, generator);
        return rnn;
    }

    private static IEnumerable<string> Names(RnnOptions options) =>
        from suffix in options.Suffixes
        from kind in kinds
        where options.Bias || kind.StartsWith("weight", StringComparison.Ordinal)
        select $"{kind}_{suffix}";

    private static void Same(
        Module<Tensor, Tensor?, (Tensor, Tensor)> actual,
        Module<Tensor, Tensor?, (Tensor, Tensor)> expected
    )
    {
        using var generator = new Generator(3);
        var input = randn([5, 2, 3], generator: generator);
        var (output, h_n) = actual.call(input, null);
        var (expectedOutput, expectedH_n) = expected.call(input, null);
        TensorComparison.Compare("output", output, expectedOutput).ShouldBeNull();
        TensorComparison.Compare("h_n", h_n, expectedH_n).ShouldBeNull();
    }
}
