using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Own;

/// <summary>Mistakes that show on an unusual input alone, and what the drawn cases cannot tell.</summary>
public sealed class OwnInputTests
{
    private const string Sequence = "one sequence from zeros in evaluation, one step of it zero and one large";
    private const string Step = "one step of nine sequences, one state large";
    private const string Batch = "twelve steps of four sequences from zeros, after calls of other sizes";
    internal const string Zeros = "three sequences from zeros that are given, one step of one zero, gradients large";
    private const string Evaluation = "twelve sequences in evaluation, without gradients";

    private static readonly RnnOptions sizes = new(10, 20, Dtype: ScalarType.Float32);

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Of(
            "a step of zeros is padding",
            x => x.masked_fill(x.eq(Scalars.Zero).all(2, true), Scalars.One),
            $"{Sequence}; Float32, {Zeros}"
        );
        yield return Of("large numbers are cut off", x => x.minimum(ones_like(x).Times(5)), Sequence);
        yield return Of(
            "from the sixth sequence on, the first again",
            x => x.size(1) <= 5 ? x : cat([x.narrow(1, 0, 5), x.narrow(1, 0, x.size(1) - 5)], 1),
            $"{Step}; Float32, {Evaluation}"
        );
        yield return Of(
            "from the fourth sequence on without gradients",
            x => x.size(1) <= 3 ? x : cat([x.narrow(1, 0, 3), x.narrow(1, 3, x.size(1) - 3).detach()], 1),
            $"{Step}; Float32, {Batch}"
        );
        yield return Of("not contiguous", x => x.is_contiguous() ? x : x.Times(2), $"{Step}; Float32, {Evaluation}");
        yield return Of(
            "as many steps as sequences",
            x => x.size(0) == x.size(1) ? x.transpose(0, 1) : x,
            $"{Zeros}; Float32, {Evaluation}"
        );

        static TestCaseData Of(string name, Func<Tensor, Tensor> change, string reason) =>
            new TestCaseData(change, reason).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_on_an_unusual_input_differs_in_the_case_that_has_it(
        Func<Tensor, Tensor> change,
        string reason
    )
    {
        var finding = Parity.Of(o => new ParameterRnn(o), (rnn, x, h_0) => rnn.call(change(x), h_0), sizes);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Detail.ShouldContain($" (Float32, {reason})");
    }

    [Test]
    public void Every_drawn_case_can_tell_two_RNNs_apart([Values] bool stack)
    {
        var options = stack ? sizes with { NumLayers = 2, Bidirectional = true } : sizes;
        var drawn = OwnCases.Of(options, new(), null).Where(own => own.Slopes is null).ToList();
        drawn.Count.ShouldBe(8);
        foreach (var own in drawn)
            OwnCases.Blind(own.Case).ShouldBeNull(own.Case.Reason);
    }

    [Test]
    public void A_start_that_is_told_by_its_zeros_differs_where_they_are_given()
    {
        var finding = Parity.Of(o => new OwnStart(o), sizes);
        finding.Evidence.ShouldBe(Evidence.Differs);
        finding.Detail.ShouldContain($" (Float32, {Zeros})");
    }

    [Test]
    public void What_the_weights_of_a_trained_RNN_cannot_tell_is_said()
    {
        using var trained = new ParameterRnn(sizes);
        Judge().ShouldNotContain("cannot tell");
        nn.init.ones_(trained.get_parameter("bias_ih_l0")!);
        nn.init.ones_(trained.get_parameter("bias_hh_l0")!);
        Judge().ShouldEndWith("; its weights cannot tell all mistakes: b_ih and b_hh are equal: they can be swapped");
        nn.init.zeros_(trained.get_parameter("bias_hh_l0")!);
        Judge().ShouldEndWith("; its weights cannot tell all mistakes: bias_hh_l0 is zero: it can be left out");

        string Judge() => Parity.Of(trained, (rnn, x, h_0) => rnn.call(x, h_0), sizes).Detail;
    }

    [Test]
    public void What_was_trained_under_inference_mode_is_refused_in_a_sentence()
    {
        ParameterRnn trained;
        using (inference_mode())
            trained = new ParameterRnn(sizes);
        using (trained)
        {
            var finding = Parity.Of(trained, (rnn, x, h_0) => rnn.call(x, h_0), sizes);
            finding.Evidence.ShouldBe(Evidence.Undecided);
            finding.ToString().ShouldContain("could not load the weights");
        }
    }

    // of no input and of ten layers there is no case in which nothing rounds
    [TestCase(0, 4, 1)]
    [TestCase(2, 3, 10)]
    public void Where_no_case_shows_the_slope_of_tanh_at_0_it_is_said(int I, int H, int L) =>
        Parity
            .Of(o => new ParameterRnn(o), new(I, H, L, Dtype: ScalarType.Float64))
            .Detail.ShouldBe("of 8 cases beside nn.RNN, identical in 8; the slope of tanh at 0 does not show");

    [Test]
    public void More_layers_than_can_be_compared_and_a_name_that_is_null_are_refused_in_a_sentence()
    {
        Should
            .Throw<ArgumentException>(() => Parity.Of(o => new ParameterRnn(o), new(3, 4, int.MaxValue)))
            .Message.ShouldBe("num_layers is 2147483647, at most 10000 are compared");
        Should
            .Throw<ArgumentException>(() => Parity.Of(o => new ParameterRnn(o), sizes, new() { Others = [null!] }))
            .Message.ShouldBe("own: a name in Others is null");
    }

    [Test]
    public void How_wide_the_bounds_are_is_said_of_what_is_certified() =>
        Parity
            .Of(o => new Rnn.Scratch.Notebooks.LeftToRightRnn(o), sizes)
            .Detail.ShouldMatch(@"certified in \d+.*; widest bound \d.* of the largest value$");

    [Test]
    public void A_certificate_replaces_a_certificate_alone()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var file = Path.Combine(folder, "kept.csv");
            var finding = Parity.Of(o => new ParameterRnn(o), sizes);
            finding.WriteCertificate(file);
            finding.WriteCertificate(file);
            File.WriteAllText(file, "key,value\nmode,tanh\n");
            Should
                .Throw<IOException>(() => finding.WriteCertificate(file))
                .Message.ShouldContain("it is there, and is no certificate");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Of_one_bias_nothing_is_said_that_it_has_not()
    {
        var options = sizes with { NumLayers = 2 };
        using var trained = new ParameterRnn(options);
        foreach (var k in new[] { 0, 1 })
            nn.init.zeros_(trained.get_parameter($"bias_hh_l{k}")!);
        var one = new OwnRnn
        {
            Names = new Dictionary<string, string> { ["bias_hh_l0"] = "bias_ih_l0", ["bias_hh_l1"] = "bias_ih_l1" },
            Others = ["bias_hh_l0", "bias_hh_l1"],
        };
        Parity
            .Of(trained, (rnn, x, h_0) => rnn.call(x, h_0), options, one)
            .Detail.ShouldNotContain("cannot tell all mistakes");
    }

    [Test]
    public void What_one_unit_cannot_tell_is_said() =>
        Parity
            .Of(o => new ParameterRnn(o), new(3, 1))
            .Detail.ShouldEndWith("; with one unit a transposed W_hh is the same");

    // As where a network starts anew whenever it is given zeros.
    private sealed class OwnStart(RnnOptions o) : Wrapper<ParameterRnn>(new(o))
    {
        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0) =>
            Rnn.call(x, h_0?.count_nonzero().item<long>() == 0 ? ones_like(h_0) : h_0);
    }
}
