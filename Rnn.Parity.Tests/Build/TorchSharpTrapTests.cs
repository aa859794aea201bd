using System.Reflection;
using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Cli;
using Rnn.Scratch;
using Shouldly;
using TorchSharp;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Build;

/// <summary>What TorchSharp 0.107 does that nobody expects, and that nothing here steps into it.</summary>
[NonParallelizable]
public sealed class TorchSharpTrapTests
{
    private static readonly Assembly torchSharp = typeof(Tensor).Assembly;

    private static readonly (MethodBase caller, MethodBase callee)[] ours =
    [
        .. new[] { typeof(ElmanRnn), typeof(Gate), typeof(CommandLine), typeof(TorchSharpTrapTests) }
            .SelectMany(type => Calls.Of(type.Assembly))
            .Where(call => call.callee.Module.Assembly == torchSharp),
    ];

    /// <summary>An exception of libtorch becomes one of .NET everywhere but in these functions.</summary>
    [Test]
    public void Nothing_calls_what_lets_an_exception_of_libtorch_end_the_process()
    {
        ours.ShouldContain(call => call.callee.Name == "mm");
        ours.ShouldContain(call => call.callee.Name == "backward");
        Named(ours.Where(call => call.callee is { Name: "matmul" } or { Name: "grad", DeclaringType.Name: "autograd" }))
            .ShouldBeEmpty();
    }

    /// <summary>
    /// A Scalar to which nothing refers any more may be collected before libtorch has read it. So nothing is called that
    /// makes one, but by the class <see cref="Scalars"/>, which holds what it makes.
    /// </summary>
    [Test]
    public void No_sum_hands_libtorch_a_scalar_that_may_be_collected()
    {
        var makers = MakersOfScalars();
        makers.ShouldContain(typeof(Tensor).GetMethod("op_Addition", [typeof(Tensor), typeof(Tensor)])!.MetadataToken);
        makers.ShouldNotContain(
            typeof(Tensor).GetMethod("op_Subtraction", [typeof(Tensor), typeof(Tensor)])!.MetadataToken
        );
        var calls = ours.Where(call => makers.Contains(call.callee.MetadataToken)).ToList();
        calls.ShouldContain(call => call.caller.DeclaringType == typeof(Scalars));
        Named(calls.Where(call => call.caller.DeclaringType != typeof(Scalars))).ShouldBeEmpty();
    }

    /// <summary>Tensor.TotalCount is no count of live tensors where Parameters are built; LiveTensors corrects it.</summary>
    [Test]
    public void A_Parameter_is_counted_once_too_often()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        for (var built = 1; built <= 100; built++)
        {
            nn.Parameter(zeros(1)).Dispose();
            Tensor.TotalCount.ShouldBe(before + built);
        }
    }

    [Test]
    public void A_wrong_input_ends_in_a_sentence(
        [ValueSource(nameof(Modules))] RnnFactory factory,
        [Values] bool bias,
        [Values("large", "sparse", "float64")] string wrong
    )
    {
        using var scope = NewDisposeScope();
        using var rnn = factory.Build(new(4, 6, Bias: bias, BatchFirst: true));
        var (input, sentence) = wrong switch
        {
            // an output of 432 TB, which no process can address
            "large" => (randn(4).expand(3_000_000, 6_000_000, 4), "memory"),
            "sparse" => (randn(2, 3, 4).to_sparse(), "sparse"),
            _ => (randn(2, 3, 4, ScalarType.Float64), "input is Float64|same dtype"),
        };
        Should.Throw<Exception>(() => rnn.call(input, null)).Message.ShouldMatch(sentence);
    }

    private static IEnumerable<RnnFactory> Modules => RnnFactory.Implementations.Append(RnnFactory.Rnn);

    // The functions of TorchSharp that construct a Scalar, or call one that does.
    private static HashSet<int> MakersOfScalars()
    {
        var callers = Calls
            .Of(torchSharp)
            .Where(call => call.callee.Module.Assembly == torchSharp)
            .ToLookup(call => call.callee.MetadataToken, call => call.caller.MetadataToken);
        var makers = new HashSet<int>();
        var constructors = typeof(Scalar).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic);
        var found = new Stack<int>(constructors.Select(constructor => constructor.MetadataToken));
        while (found.TryPop(out var maker))
            if (makers.Add(maker))
                foreach (var caller in callers[maker])
                    found.Push(caller);
        return makers;
    }

    private static IEnumerable<string> Named(IEnumerable<(MethodBase caller, MethodBase callee)> calls) =>
        calls.Select(call => $"{call.caller.DeclaringType}.{call.caller.Name} calls {call.callee}").Distinct();
}
