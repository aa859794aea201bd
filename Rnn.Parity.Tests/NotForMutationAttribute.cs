using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Rnn.Parity.Tests;

/// <summary>
/// What scripts/mutation.sh leaves out, by the environment variable Mutation: it starts processes, runs for long, or looks
/// at the code itself.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NotForMutationAttribute : NUnitAttribute, IApplyToTest
{
    /// <inheritdoc/>
    public void ApplyToTest(Test test)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("Mutation")))
            return;
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, "left out of mutation");
    }
}
