using System.Globalization;

namespace Rnn.Parity.Tests.Folders;

/// <summary>
/// A folder as a stranger makes it from fixtures/README.md alone: an RNN of integers with relu, two layers, both directions,
/// evaluated by plain loops and written line by line. Nothing of ours is used.
/// </summary>
internal static class StrangersFolder
{
    private const int T = 3;
    private const int B = 2;
    private const int I = 2;
    private const int H = 3;
    private const int L = 2;

    private static readonly string[] keys =
    [
        "key,value",
        "mode,relu",
        $"input_size,{I}",
        $"hidden_size,{H}",
        $"num_layers,{L}",
        "bias,true",
        "batch_first,false",
        "bidirectional,true",
        "dtype,float32",
        "device,none",
        "engine,a stranger",
        "engine_version,1",
        "source,made by hand",
    ];

    /// <summary>Writes case.csv and tensors.csv.</summary>
    public static void Write(string folder, bool exact)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, "case.csv"), exact ? [.. keys, "exact,true"] : keys);
        File.WriteAllLines(Path.Combine(folder, "tensors.csv"), Rows());
    }

    // Integers from -3 to 3, so mixed that no unit is always 0.
    private static int Draw(int a, int b, int c) =>
        (int)(unchecked((uint)((a * 31 + b) * 31 + c + 1384) * 2654435761) >> 16) % 7 - 3;

    private static List<string> Rows()
    {
        List<string> rows = ["tensor,i,j,k,value"];
        var x = new int[T, B, I];
        for (var t = 0; t < T; t++)
        for (var b = 0; b < B; b++)
        for (var i = 0; i < I; i++)
            rows.Add(Row("input", t, b, i, x[t, b, i] = Draw(t + 1, b + 2, i)));
        var final = new List<string>();
        for (var layer = 0; layer < L; layer++)
        {
            var y = new int[T, B, 2 * H];
            foreach (var reverse in new[] { false, true })
                Scan(rows, final, x, y, layer, reverse);
            x = y;
        }
        for (var t = 0; t < T; t++)
        for (var b = 0; b < B; b++)
        for (var u = 0; u < 2 * H; u++)
            rows.Add(Row("output", t, b, u, x[t, b, u]));
        return [.. rows, .. final];
    }

    private static void Scan(List<string> rows, List<string> final, int[,,] x, int[,,] y, int layer, bool reverse)
    {
        var (suffix, slot) = ($"l{layer}{(reverse ? "_reverse" : "")}", 2 * layer + (reverse ? 1 : 0));
        var (features, salt) = (x.GetLength(2), 4 * slot);
        for (var u = 0; u < H; u++)
        {
            for (var i = 0; i < features; i++)
                rows.Add(Row($"weight_ih_{suffix}", u, i, null, Draw(u, i, salt)));
            for (var j = 0; j < H; j++)
                rows.Add(Row($"weight_hh_{suffix}", u, j, null, Draw(u, j, salt + 1)));
            rows.Add(Row($"bias_ih_{suffix}", u, null, null, Draw(u, 1, salt + 2)));
            rows.Add(Row($"bias_hh_{suffix}", u, null, null, Draw(u, 2, salt + 3)));
        }
        for (var b = 0; b < B; b++)
        {
            var h = new int[H];
            for (var turn = 0; turn < T; turn++)
            {
                var t = reverse ? T - 1 - turn : turn;
                var next = new int[H];
                for (var u = 0; u < H; u++)
                {
                    var z = Draw(u, 1, salt + 2) + Draw(u, 2, salt + 3);
                    for (var i = 0; i < features; i++)
                        z += Draw(u, i, salt) * x[t, b, i];
                    for (var j = 0; j < H; j++)
                        z += Draw(u, j, salt + 1) * h[j];
                    next[u] = y[t, b, (reverse ? H : 0) + u] = Math.Max(0, z);
                }
                h = next;
            }
            for (var u = 0; u < H; u++)
                final.Add(Row("h_n", slot, b, u, h[u]));
        }
    }

    private static string Row(string tensor, int i, int? j, int? k, int value) =>
        string.Create(CultureInfo.InvariantCulture, $"{tensor},{i},{j},{k},{value}");
}
