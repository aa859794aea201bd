using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Rnn.Parity.Tests;

/// <summary>A test that takes long: it is skipped, with a reason that says how to run it, unless everything runs.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class LongAttribute(string what) : CategoryAttribute(Extent.Category), IApplyToTest
{
    void IApplyToTest.ApplyToTest(Test test)
    {
        ApplyToTest(test);
        if (Extent.IsWhole || test.RunState != RunState.Runnable)
            return;
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, Extent.LeaveOut(what));
    }
}
