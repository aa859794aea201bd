using System.Text.RegularExpressions;
using NUnit.Framework;
using Rnn.Scratch;
using Shouldly;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Pages;

/// <summary>The failure that README shows is that of its class with the mistake.</summary>
[NonParallelizable]
public sealed partial class ReadmeFailureTests
{
    [Test]
    public void A_failure_reads_as_README_shows_it()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var shown = readme.Split("## How to read a failure")[1].Split("```\n")[1];
        var finding = Parity.Of(o => new NotTransposed(o.InputSize, o.HiddenSize), new(10, 20));
        // the last digits of a float32 are a machine's own
        Digits().Replace(finding + "\n", "$1").ShouldBe(Digits().Replace(shown, "$1"));
    }

    [GeneratedRegex(@"(\d\.\d{3})\d{2,}")]
    private static partial Regex Digits();

    private sealed class NotTransposed : Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        private readonly long units;

        public NotTransposed(long inputs, long units)
            : base("MyRnn")
        {
            this.units = units;
            register_parameter("weight_ih_l0", Parameter(rand(units, inputs)));
            register_parameter("weight_hh_l0", Parameter(rand(units, units)));
            register_parameter("bias_ih_l0", Parameter(rand(units)));
            register_parameter("bias_hh_l0", Parameter(rand(units)));
        }

        public override (Tensor, Tensor) forward(Tensor x, Tensor? h_0)
        {
            var (h, states) = (h_0?[0] ?? zeros(x.shape[1], units, x.dtype), new List<Tensor>());
            foreach (var x_t in x.unbind(0))
            {
                var z = x_t.mm(get_parameter("weight_ih_l0")!.t()).Plus(get_parameter("bias_ih_l0")!);
                h = z.Plus(h.mm(get_parameter("weight_hh_l0")!)).Plus(get_parameter("bias_hh_l0")!).tanh();
                states.Add(h);
            }
            return (stack(states), h.unsqueeze(0));
        }
    }
}
