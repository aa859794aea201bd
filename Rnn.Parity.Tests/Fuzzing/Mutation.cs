namespace Rnn.Parity.Tests.Fuzzing;

/// <summary>Changes of a file's bytes.</summary>
internal static class Mutation
{
    private const int Kinds = 10;

    /// <summary>One to three changes of a file.</summary>
    public static byte[] Of(byte[] file, Random random)
    {
        List<byte> bytes = [.. file];
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 1; changes--)
            Change(bytes, random);
        return [.. bytes];
    }

    private static void Change(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        switch (random.Next(Kinds))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.RemoveAt(at);
                break;
            case 3:
                bytes.Insert(at, "0123456789-+.eE,\n\r\" "u8[random.Next(20)]);
                break;
            case 4:
                Line(bytes, at, random.Next(2) == 0);
                break;
            case 5:
                Digit(bytes, at, random);
                break;
            default:
                // A place after the last comma of a line, or a few later: a digit of a value, from the first to the last.
                var comma = bytes.LastIndexOf((byte)',', Math.Max(0, bytes.IndexOf((byte)'\n', at)));
                Digit(bytes, Math.Min(comma + random.Next(12), bytes.Count - 1), random);
                break;
        }
    }

    // Another digit for the next one: most files stay readable, with another number.
    private static void Digit(List<byte> bytes, int from, Random random)
    {
        var at = bytes.FindIndex(Math.Max(0, from), b => b is >= (byte)'0' and <= (byte)'9');
        if (at >= 0)
            bytes[at] = (byte)('0' + random.Next(10));
    }

    // Removes a line, or says it twice.
    private static void Line(List<byte> bytes, int from, bool twice)
    {
        var start = bytes.LastIndexOf((byte)'\n', from) + 1;
        var end = bytes.IndexOf((byte)'\n', Math.Min(start, bytes.Count - 1));
        var length = (end < 0 ? bytes.Count : end + 1) - start;
        if (length <= 0)
            return;
        if (twice)
            bytes.InsertRange(start, bytes.GetRange(start, length));
        else
            bytes.RemoveRange(start, length);
    }
}
