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
    private static readonly string[] order =
    [
        "Numerics",
        "Comparison",
        "Cases",
        "Exact",
        "Bounds",
        "Diagnosis",
        nameof(Parity),
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

    [TestCaseSource(nameof(order))]
    public void A_folder_knows_those_below_it_alone(string name)
    {
        var above = order.SkipWhile(other => other != name).Skip(1).Select(other => $"Rnn.Parity.{other}").ToArray();
        var below = Types.InAssemblies(assemblies).That().ResideInNamespace($"Rnn.Parity.{name}");
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
            .ShouldBe(
                order.Where(name => name != nameof(Parity)).Select(name => $"Rnn.Parity.{name}"),
                ignoreOrder: true
            );
}
