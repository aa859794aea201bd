using System.Globalization;

namespace Rnn.Parity.Reporting;

/// <summary>The K-th of N parts of some work: of its items, numbered from 0, every N-th from K − 1 on.</summary>
internal sealed record Shard(int K, int N)
{
    public static Shard Whole { get; } = new(1, 1);

    public bool Has(int index) => index % N == K - 1;

    /// <summary>Reads k/n; null if it is no such text.</summary>
    public static Shard? Parse(string text)
    {
        return text.Split('/') is [var first, var second] && Number(first) is { } k && Number(second) is { } n && k <= n
            ? new(k, n)
            : null;

        static int? Number(string part) =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{K}/{N}");
}
