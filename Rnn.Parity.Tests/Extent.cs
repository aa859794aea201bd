using System.Collections.Concurrent;
using NUnit.Framework;

namespace Rnn.Parity.Tests;

/// <summary>How much of the suite runs: the whole of it if the environment variable RNNPARITY_LONG is 1, else what takes a minute.</summary>
internal static class Extent
{
    public const string Category = "Long";

    private static readonly ConcurrentDictionary<string, bool> leftOut = [];

    /// <summary>Whether everything runs.</summary>
    public static bool IsWhole { get; } = Environment.GetEnvironmentVariable("RNNPARITY_LONG") == "1";

    /// <summary>What was left out, and how to run it.</summary>
    public static string Report =>
        IsWhole || leftOut.IsEmpty
            ? "nothing was left out for its length"
            : $"left out for their length: {string.Join("; ", leftOut.Keys.Order(StringComparer.Ordinal))}\nRNNPARITY_LONG=1 dotnet test -c Release runs all of them";

    /// <summary>Takes note of something that is left out.</summary>
    /// <returns>The reason that is given for it.</returns>
    public static string LeaveOut(string what)
    {
        leftOut[what] = true;
        return $"long: {what}; RNNPARITY_LONG=1 dotnet test -c Release runs it";
    }

    /// <summary>All of something that is done many times, or some.</summary>
    public static int Of(int all, int some, string what)
    {
        if (!IsWhole)
            LeaveOut($"{all - some} of {all} {what}");
        return IsWhole ? all : some;
    }

    /// <summary>The step through something of which there is much: 1, or so many.</summary>
    public static int Every(int some, string what)
    {
        if (!IsWhole)
            LeaveOut($"{some - 1} in {some} {what}");
        return IsWhole ? 1 : some;
    }

    /// <summary>All cases, or every so manieth from the first on, and one skipped test that stands for the rest.</summary>
    public static IEnumerable<TestCaseData> Sample<T>(IEnumerable<T> cases, int every, string what, int first = 0)
    {
        var all = cases.ToList();
        if (IsWhole)
            return all.Select(c => new TestCaseData(c));
        var some = all.Where((_, i) => i % every == first).ToList();
        if (some.Count == 0)
            throw new ArgumentException($"none of {all.Count} {what} is in the sample", nameof(every));
        var rest = new TestCaseData(all[^1])
            .SetArgDisplayNames("the rest")
            .SetCategory(Category)
            .Ignore(LeaveOut($"{all.Count - some.Count} of {all.Count} {what}"));
        return some.Select(c => new TestCaseData(c)).Append(rest);
    }
}
