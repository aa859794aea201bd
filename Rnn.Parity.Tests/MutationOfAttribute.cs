using NUnit.Framework;
using NUnit.Framework.Interfaces;
using Rnn.Parity.Tests;

[assembly: LeaveOut]

namespace Rnn.Parity.Tests;

/// <summary>The targets of scripts/mutation.sh that these tests are for.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MutationOfAttribute(params string[] targets) : Attribute
{
    /// <summary>scratch, variants or parity.</summary>
    public IReadOnlyList<string> Targets => targets;
}

/// <summary>Ignores every test that is not for the target that the environment variable Mutation names, if there is one.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class LeaveOutAttribute : Attribute, ITestAction
{
    private static readonly string? target = Environment.GetEnvironmentVariable("Mutation");

    /// <inheritdoc/>
    public ActionTargets Targets => ActionTargets.Test;

    /// <inheritdoc/>
    public void BeforeTest(ITest test)
    {
        if (string.IsNullOrEmpty(target))
            return;
        var attributes = test.Fixture?.GetType().GetCustomAttributes(typeof(MutationOfAttribute), inherit: true) ?? [];
        if (!attributes.Cast<MutationOfAttribute>().Any(of => of.Targets.Contains(target)))
            Assert.Ignore($"not for the mutation of {target}");
    }

    /// <inheritdoc/>
    public void AfterTest(ITest test) { }
}
