namespace Rnn.Parity.Reporting;

/// <summary>A table as README.md has it.</summary>
internal static class MarkdownTable
{
    /// <summary>The heads, a line, and the rows.</summary>
    public static string Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        string.Concat(
            new[] { columns, [.. columns.Select(_ => "---")] }
                .Concat(rows)
                .Select(row => $"| {string.Join(" | ", row)} |\n")
        );
}
