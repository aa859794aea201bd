namespace Rnn.Parity.Reporting;

internal static class MarkdownTable
{
    public static string Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        string.Concat(
            new[] { columns, [.. columns.Select(_ => "---")] }
                .Concat(rows)
                .Select(row => $"| {string.Join(" | ", row)} |\n")
        );
}
