using System.Reflection;
using NetArchTest.Rules;
using NUnit.Framework;
using Shouldly;

namespace Rnn.Parity.Tests.Build;

/// <summary>
/// Arrows between the folders of Rnn.Parity, and of its command line above it, run one way: each knows those before it in this
/// list, and no other.
/// </summary>
public sealed class ArrowTests
{
    // what stands in no folder
    private const string Top = "Parity";

    private static readonly string[] order =
    [
        "Numerics",
        "Comparison",
        "Cases",
        "Exact",
        "Bounds",
        "Diagnosis",
        "Machine",
        Top,
        "Reporting",
        "Folders",
        "Jobs",
        "Html",
        "Cli",
    ];

    private static readonly Assembly[] assemblies =
    [
        typeof(Parity).Assembly,
        typeof(Rnn.Parity.Cli.CommandLine).Assembly,
    ];

    private static readonly IEnumerable<string> tops = assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Namespace == "Rnn.Parity" && type.FullName is not null)
        .Select(type => type.FullName!);

    private static string[] Below => order[..^1];

    [TestCaseSource(nameof(Below))]
    public void A_folder_knows_those_below_it_alone(string name)
    {
        // what a folder has above it, and of what stands in none its types
        var above = order
            .SkipWhile(other => other != name)
            .Skip(1)
            .SelectMany(other => other == Top ? tops : [$"Rnn.Parity.{other}"])
            .ToArray();
        var below = Types
            .InAssemblies(assemblies)
            .That()
            .ResideInNamespaceMatching(name == Top ? @"^Rnn\.Parity$" : $@"^Rnn\.Parity\.{name}(\.|$)");
        below.GetTypes().ShouldNotBeEmpty();
        var known = below.ShouldNot().HaveDependencyOnAny(above).GetResult();
        (known.FailingTypeNames ?? []).ShouldBeEmpty($"{name} knows a folder above it");
    }

    [Test]
    public void Every_folder_has_its_place() =>
        assemblies
            .SelectMany(assembly => assembly.GetTypes())
            .Select(type => type.Namespace)
            .Where(space => space?.StartsWith("Rnn.Parity.", StringComparison.Ordinal) == true)
            .Select(space => string.Join('.', space!.Split('.')[..3]))
            .Distinct()
            .ShouldBe(order.Where(name => name != Top).Select(name => $"Rnn.Parity.{name}"), ignoreOrder: true);
}
