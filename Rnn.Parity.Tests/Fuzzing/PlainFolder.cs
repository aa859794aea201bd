using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Rnn.Parity.Folders;
using Rnn.Parity.Numerics;
using Rnn.Parity.Tests.Folders;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Fuzzing;

/// <summary>
/// A second, plain reader of the format, with nothing of the first: what it finds in a mutated folder is what the first is
/// judged by.
/// </summary>
/// <param name="Keys">case.csv.</param>
/// <param name="Tensors">The elements by tensor and place, as in 2,0,1.</param>
internal sealed partial record PlainFolder(
    IReadOnlyDictionary<string, string> Keys,
    IReadOnlyDictionary<string, Dictionary<string, double>> Tensors
)
{
    // What need not be the same for the numbers to mean the same: they must be there.
    private static readonly string[] words = ["device", "engine", "engine_version", "source"];

    /// <summary>Reads a folder's two files; null if they are not as plain as this reader is.</summary>
    public static PlainFolder? Of(byte[] caseCsv, byte[] tensorsCsv)
    {
        if (Rows(caseCsv, "key,value") is not { } keys || Rows(tensorsCsv, "tensor,i,j,k,value") is not { } elements)
            return null;
        var options = new Dictionary<string, string>();
        if (!keys.TrueForAll(k => k.Length == 2 && options.TryAdd(k[0], k[1])))
            return null;
        var single = options.GetValueOrDefault("dtype") == "float32";
        var tensors = new Dictionary<string, Dictionary<string, double>>();
        foreach (var e in elements)
        {
            if (e.Length != 5 || Number(e[4], single) is not { } value)
                return null;
            if (!tensors.TryGetValue(e[0], out var there))
                tensors[e[0]] = there = [];
            if (!there.TryAdd(Place(e[1..4]), value))
                return null;
        }
        return new(options, tensors);
    }

    /// <summary>What the first reader found.</summary>
    public static PlainFolder Of(CaseFolder folder)
    {
        var t = folder.Tensors;
        IEnumerable<KeyValuePair<string, Tensor>> given = [.. t.Weights, new("input", t.Input), .. folder.Quantities];
        if (t.H_0 is not null)
            given = given.Append(new("h_0", t.H_0));
        given = given.Append(new("grad_output", t.GradOutput)).Append(new("grad_h_n", t.GradH_n));
        return new(folder.Keys, given.ToDictionary(g => g.Key, g => Elements(g.Value)));
    }

    /// <summary>Whether the options and every number are the other's, and the words are there.</summary>
    public bool IsSame(PlainFolder other) =>
        Keys.Keys.Order(StringComparer.Ordinal).SequenceEqual(other.Keys.Keys.Order(StringComparer.Ordinal))
        && Keys.All(k => words.Contains(k.Key) || other.Keys[k.Key] == k.Value)
        && HasNumbersOf(other)
        && other.Tensors.Count == Tensors.Count;

    /// <summary>Whether each number here is one of the other's.</summary>
    public bool HasNumbersOf(PlainFolder other) =>
        Tensors.All(t =>
            other.Tensors.TryGetValue(t.Key, out var o)
            && o.Count == t.Value.Count
            && t.Value.All(e => o.TryGetValue(e.Key, out var v) && v.Equals(e.Value) && IsSameZero(v, e.Value))
        );

    private static bool IsSameZero(double a, double b) =>
        double.IsNegative(a) == double.IsNegative(b) || double.IsNaN(a);

    private static Dictionary<string, double> Elements(Tensor tensor)
    {
        var places = Index3.All(tensor.shape).Select(at => Place(FolderWriting.Fields(at, tensor.shape.Length)));
        return places.Zip(Matrix.Of(tensor).Values).ToDictionary(e => e.First, e => e.Second);
    }

    // 01 is 1.
    private static string Place(IEnumerable<string> fields) =>
        string.Join(',', fields.Select(f => f.Length > 1 ? f.TrimStart('0').PadLeft(1, '0') : f));

    private static List<string[]>? Rows(byte[] file, string header)
    {
        var text = Encoding.ASCII.GetString(file);
        if (!text.EndsWith('\n') || file.Any(b => b > 126 || b == 0))
            return null;
        var lines = text[..^1].Split('\n').Select(line => line.EndsWith('\r') ? line[..^1] : line).ToList();
        if (lines[0] != header)
            return null;
        var rows = lines.Skip(1).Select(line => Field().Matches("," + line)).ToList();
        return rows.Zip(lines.Skip(1)).All(r => r.First.Sum(m => m.Length) == r.Second.Length + 1)
            ? rows.ConvertAll(row => row.Select(m => m.Groups[1].Value.Trim('"')).ToArray())
            : null;
    }

    private static double? Number(string text, bool single) =>
        !Decimal().IsMatch(text) ? null
        : single ? Finite(float.Parse(text, CultureInfo.InvariantCulture))
        : Finite(double.Parse(text, CultureInfo.InvariantCulture));

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    [GeneratedRegex("\\G,(\"[^\"]*\"|[^\",\r]*)")]
    private static partial Regex Field();

    [GeneratedRegex("^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$")]
    private static partial Regex Decimal();
}
