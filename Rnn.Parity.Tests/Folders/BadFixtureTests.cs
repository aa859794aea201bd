using NUnit.Framework;
using Rnn.Parity.Folders;
using Shouldly;

namespace Rnn.Parity.Tests.Folders;

/// <summary>A folder that is not as it should be is refused in one sentence: the file, the row, what was expected.</summary>
public sealed partial class BadFixtureTests
{
    private SpoiltFolder folders = null!;

    [SetUp]
    public void Create() => folders = new SpoiltFolder();

    [TearDown]
    public void Delete() => folders.Delete();

    [TestCase("mode,relu", "mode,lstm", ", row 2: mode is 'lstm', tanh or relu is expected")]
    [TestCase("float32", "float16", ", row 9: dtype is 'float16', float32 or float64 is expected")]
    [TestCase("bias,true", "bias,yes", ", row 6: bias is 'yes', true or false is expected")]
    [TestCase(
        "input_size,1\n",
        "",
        ": input_size is missing, the keys mode, input_size, hidden_size, num_layers, bias, batch_first, bidirectional, dtype, device, engine, engine_version, source are expected"
    )]
    [TestCase(
        "input_size,1",
        "input_size,0",
        ", row 3: input_size is '0', a whole number from 1 to 2147483647 is expected"
    )]
    [TestCase(
        "input_size,1",
        "input_size,99999999999",
        ", row 3: input_size is '99999999999', a whole number from 1 to 2147483647 is expected"
    )]
    [TestCase("mode,relu", "mode,relu\nmode,tanh", ", row 3: mode is there twice, first in row 2")]
    [TestCase(
        "mode,relu",
        "mode,relu\nlengths,2 x",
        ", row 3: lengths is '2 x', at least one length from 1 on, with a space between two, is expected"
    )]
    [TestCase(
        "mode,relu",
        "mode,relu\nlengths,1 2",
        ", row 3: lengths is '1 2', the longest first, since enforce_sorted is not false, is expected"
    )]
    [TestCase("mode,relu", "mode,relu\n", ", row 3: has 1 fields, 2 are expected: key,value")]
    [TestCase("key,value", "key;value", ", row 1: the columns are key;value, key,value are expected")]
    [TestCase(
        "1\nsource",
        "1\nsou\"rce",
        ", row 13: is no CSV: a quotation mark is not closed, or stands inside a field that is not quoted"
    )]
    public void Case_csv(string old, string changed, string sentence)
    {
        SpoiltFolder.Edit(folders.Keys, old, changed);
        Refused(folders.Keys + sentence);
    }

    [TestCase(
        "tensor,i,j,k,value",
        "tensor,i,j,value",
        ", row 1: the columns are tensor,i,j,value, tensor,i,j,k,value are expected"
    )]
    [TestCase(
        "input,1,0,0,2\n",
        "weight_ch_l0,1,0,0,2\n",
        ", row 13: 'weight_ch_l0' is unknown, a case like this has no tensor of that name"
    )]
    [TestCase(
        "input,1,0,0,2\n",
        "weight_hh_l1,1,0,,2\n",
        ", row 13: 'weight_hh_l1' is unknown, a case like this has no tensor of that name"
    )]
    [TestCase("input,1,0,0,2\n", "input,0,0,0,1\n", ", row 13: input[0, 0, 0] is there twice, first in row 12")]
    [TestCase("weight_hh_l0,1,0,,0.25\n", "", ": weight_hh_l0[1, 0] is missing, 4 elements are expected: (2, 2)")]
    [TestCase(
        "weight_hh_l0,1,1,,-0.5",
        "weight_hh_l0,2,1,,-0.5",
        ", row 7: weight_hh_l0[2, 1] lies outside (2, 2), its shape"
    )]
    [TestCase(
        "input,1,0,0,2\n",
        "input,999999999,0,0,2\n",
        ": input[1, 0, 0] is missing, 1000000000 elements are expected: (1000000000, 1, 1)"
    )]
    [TestCase("output,1,0,1,2.5\n", "", ": output[1, 0, 1] is missing, 4 elements are expected: (2, 1, 2)")]
    [TestCase(
        "bias_ih_l0,0,,,0.25",
        "bias_ih_l0,0,0,,0.25",
        ", row 8: j is '0', nothing is expected: bias_ih_l0 has 1 dimensions"
    )]
    [TestCase(
        "bias_ih_l0,0,,,0.25",
        "bias_ih_l0,,,,0.25",
        ", row 8: i is '', a whole number from 0 to 2147483646 is expected"
    )]
    [TestCase(
        "bias_ih_l0,0,,,0.25",
        "bias_ih_l0,-1,,,0.25",
        ", row 8: i is '-1', a whole number from 0 to 2147483646 is expected"
    )]
    [TestCase(
        "bias_ih_l0,0,,,0.25",
        "bias_ih_l0,0,,,0,25",
        ", row 8: has 6 fields, 5 are expected: tensor,i,j,k,value"
    )]
    [TestCase(
        "bias_ih_l0,0,,,0.25",
        "bias_ih_l0,0,,,\"0,25\"",
        ", row 8: value is '0,25', a decimal with a point is expected, or nan, inf or -inf"
    )]
    [TestCase(
        "bias_ih_l0,0,,,0.25",
        "bias_ih_l0,0,,,Infinity",
        ", row 8: value is 'Infinity', a decimal with a point is expected, or nan, inf or -inf"
    )]
    [TestCase(
        "bias_ih_l0,0,,,0.25",
        "bias_ih_l0,0,,,",
        ", row 8: value is '', a decimal with a point is expected, or nan, inf or -inf"
    )]
    [TestCase("bias_ih_l0,0,,,0.25", "bias_ih_l0,0,,,3.5e38", ", row 8: value is 3.5e38, which overflows float32")]
    [TestCase("h_n,0,0,1,2.5\n", "h_n,0,0,1,2.5", ", row 21: the line has no end, the file is truncated")]
    [TestCase(
        "h_n,0,0,1,2.5\n",
        "h_n,0,0,1,2.5\ngrad.input,0,0,0,1\ngrad.input,1,0,0,1\n",
        ": grad.input is there, and neither grad_output nor grad_h_n"
    )]
    public void Tensors_csv(string old, string changed, string sentence)
    {
        SpoiltFolder.Edit(folders.Tensors, old, changed);
        Refused(folders.Tensors + sentence);
    }

    [TestCase(
        "hidden_size,2",
        "hidden_size,1000000000",
        ": weight_ih_l0[2, 0] is missing, 1000000000 elements are expected: (1000000000, 1)"
    )]
    [TestCase("num_layers,1", "num_layers,1000000000", ": weight_ih_l1 is missing")]
    [TestCase("hidden_size,2", "hidden_size,1", ", row 3: weight_ih_l0[1, 0] lies outside (1, 1), its shape")]
    [TestCase(
        "bias,true",
        "bias,false",
        ", row 8: 'bias_ih_l0' is unknown, a case like this has no tensor of that name"
    )]
    [TestCase("bidirectional,false", "bidirectional,true", ": weight_ih_l0_reverse is missing")]
    [TestCase("mode,relu", "mode,relu\nlengths,3", ", row 16: k is '0', nothing is expected: output has 2 dimensions")]
    public void Tensors_that_contradict_case_csv(string old, string changed, string sentence)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        SpoiltFolder.Edit(folders.Keys, old, changed);
        Refused(folders.Tensors + sentence);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000_000);
    }

    [Test]
    public void A_gradient_of_h_0_without_h_0()
    {
        File.AppendAllText(folders.Tensors, "grad_h_n,0,0,0,1\ngrad_h_n,0,0,1,1\ngrad.h_0,0,0,0,1\ngrad.h_0,0,0,1,1\n");
        folders.Read().Quantities.Keys.ShouldContain("grad.h_0");
        SpoiltFolder.Edit(folders.Tensors, "\nh_0,0,0,0,0.5\nh_0,0,0,1,1\n", "\n");
        Refused(folders.Tensors + ", row 22: grad.h_0 is there, and h_0 is not");
    }

    private void Refused(string sentence) =>
        Should.Throw<FixtureException>(() => folders.Read()).Message.ShouldBe(sentence);
}
