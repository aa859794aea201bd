using NUnit.Framework;

namespace Rnn.Parity.Tests;

/// <summary>A case of a test whose other cases are its quick ones: skipped unless everything runs.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class LongCaseAttribute : TestCaseAttribute
{
    /// <summary>The test's arguments.</summary>
    public LongCaseAttribute(params object?[]? arguments)
        : base(arguments)
    {
        Category = Extent.Category;
        if (!Extent.IsWhole)
            Ignore = Extent.LeaveOut("cases that one of their kind stands for");
    }
}
