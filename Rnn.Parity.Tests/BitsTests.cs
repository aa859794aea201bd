using NUnit.Framework;
using Rnn.Parity.Bits;
using Rnn.Parity.Documents;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>Fingerprints: stable, equal for equal bits only, and of everything that the references compute.</summary>
public sealed class BitsTests
{
    [Test]
    public void A_fingerprint_is_the_sha256_of_the_bytes()
    {
        using var scope = NewDisposeScope();
        // printf '\x00\x00\x80\x3f\x00\x00\x00\x40' | sha256sum
        Fingerprint.Of(Vector(1f, 2f)).ShouldBe("b9c80b5adeca450753a16950c3cc655d271f7bef7a485bc83f112b72fef21d37");
    }

    [Test]
    public void A_fingerprint_depends_on_every_bit_and_not_on_the_layout()
    {
        using var scope = NewDisposeScope();
        var matrix = Vector(1f, 2f, 3f, 4f, 5f, 6f).reshape(2, 3);
        Fingerprint.Of(matrix.t().contiguous().t()).ShouldBe(Fingerprint.Of(matrix));
        Fingerprint.Of(matrix.t()).ShouldNotBe(Fingerprint.Of(matrix));
        Fingerprint.Of(Vector(1f)).ShouldNotBe(Fingerprint.Of(Vector(MathF.BitIncrement(1f))));
        Fingerprint.Of(Vector(0f)).ShouldNotBe(Fingerprint.Of(Vector(-0f)));
    }

    [Test]
    public void Both_references_have_a_fingerprint_of_every_quantity_twice_the_same()
    {
        var c = DocumentCases.All.Single(c => c.Id == "004-cell");
        var rows = BitsJob.Of("documents", c);
        rows.ShouldBe(BitsJob.Of("documents", c));
        foreach (var by in new[] { "nn.RNN", "nn.RNNCell" })
            rows.Where(r => r.By == by)
                .Select(r => r.Quantity)
                .ShouldBe([
                    "output",
                    "h_n",
                    "grad.input",
                    "grad.h_0",
                    "grad.weight_ih_l0",
                    "grad.weight_hh_l0",
                    "grad.bias_ih_l0",
                    "grad.bias_hh_l0",
                ]);
        rows.Where(r => r.By == Fingerprint.Drawn).ShouldContain(r => r.Quantity == "weight_hh_l0");
    }

    [Test]
    public void There_are_cases_of_every_group()
    {
        var cases = BitsJob.Cases.ToList();
        cases.Select(g => g.group).Distinct().ShouldBe(["documents", "matrix", "large", BitsJob.Exact]);
        cases.Select(g => g.c.Id).ShouldBeUnique();
    }

    [Test]
    public void Where_nothing_rounds_both_references_have_the_same_bits()
    {
        var (group, c) = BitsJob.Cases.First(g => g.group == BitsJob.Exact);
        var rows = BitsJob.Of(group, c).ToLookup(r => r.By, r => (r.Quantity, r.Sha256));
        rows["nn.RNN"].ShouldNotBeEmpty();
        rows["nn.RNNCell"].ShouldBe(rows["nn.RNN"]);
    }

    private static Tensor Vector(params float[] values) => tensor(values);
}
